package io.whimbrel.gateway.upstream;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service and passes on what it answers, without knowing the shapes. The caller's own token
 * goes along, and the service checks it again. Fails with a 503 problem that names the service if
 * it cannot be reached or takes too long.
 */
@ApplicationScoped
public class Upstream {
  private static final String BASE = "/api/v1/migrations";

  private static final TypeLiteral<Uni<Answer>> ANSWER = new TypeLiteral<>() {};

  private static final List<String> PASSED_ON =
      List.of(
          HttpHeaders.CONTENT_TYPE,
          HttpHeaders.ETAG,
          HttpHeaders.LINK,
          HttpHeaders.LOCATION,
          HttpHeaders.RETRY_AFTER,
          HttpHeaders.WWW_AUTHENTICATE);

  private final UpstreamConfig config;
  private final Breakers breakers;
  private final WebClient client;

  Upstream(Vertx vertx, UpstreamConfig config, Breakers breakers) {
    this.config = config;
    this.breakers = breakers;
    this.client =
        WebClient.wrap(
            vertx.createHttpClient(
                new HttpClientOptions()
                    .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis())),
                new PoolOptions().setHttp1MaxSize(config.connections())),
            new WebClientOptions().setUserAgentEnabled(false).setFollowRedirects(false));
  }

  /**
   * Asks for a resource with nothing but the caller's token.
   *
   * @param path within the API, of parts known to be safe in a URL
   */
  public Uni<Answer> get(Service service, String path, @Nullable String authorization) {
    return ask(Call.get(service, path).authorization(authorization));
  }

  /**
   * Tells a service something, with nothing but the caller's token.
   *
   * @param path within the API, of parts known to be safe in a URL
   */
  public Uni<Answer> post(
      Service service, String path, String json, @Nullable String authorization) {
    return ask(Call.post(service, path).json(json).authorization(authorization));
  }

  /**
   * Asks the executor for a plan, which takes its time.
   *
   * @param json what is to be planned
   */
  public Uni<Answer> plan(String json, HttpHeaders caller) {
    return ask(Call.post(Service.EXECUTOR, "/plan").json(json).of(caller), config.planTimeout());
  }

  Uni<Answer> ask(Call call) {
    return ask(call, config.timeout());
  }

  private Uni<Answer> ask(Call call, Duration timeout) {
    HttpRequest<Buffer> request =
        client.requestAbs(call.method(), base(call.service()) + BASE + call.path());
    request.timeout(timeout.toMillis());
    call.query().forEach(request::addQueryParam);
    call.headers().forEach(request::putHeader);
    return breakers.guard(
        call.service(), () -> send(request, call.body()).map(Upstream::answer), ANSWER);
  }

  private static Uni<HttpResponse<Buffer>> send(
      HttpRequest<Buffer> request, @Nullable String body) {
    return body == null ? request.send() : request.sendBuffer(Buffer.buffer(body));
  }

  private String base(Service service) {
    return config.url(service).toString().replaceAll("/+$", "");
  }

  private static Answer answer(HttpResponse<Buffer> response) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : PASSED_ON) {
      String value = response.getHeader(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    Buffer body = response.body();
    return new Answer(
        response.statusCode(),
        headers,
        body == null ? io.vertx.core.buffer.Buffer.buffer() : body.getDelegate());
  }

  @PreDestroy
  void close() {
    client.close();
  }
}
