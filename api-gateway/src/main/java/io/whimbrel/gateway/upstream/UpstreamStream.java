package io.whimbrel.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.core.http.HttpClient;
import io.vertx.mutiny.core.http.HttpClientRequest;
import io.vertx.mutiny.core.http.HttpClientResponse;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestMulti;

/**
 * Asks a service for something large and passes it on as it comes, no faster than the caller takes
 * it. The service has to begin within the time of any other answer; how long it goes on is not
 * bounded. What fails after the beginning cuts the answer off.
 */
@ApplicationScoped
class UpstreamStream {
  private static final String BASE = "/api/v1/migrations";

  private static final TypeLiteral<Uni<HttpClientResponse>> RESPONSE = new TypeLiteral<>() {};

  private static final List<String> PASSED_ON =
      List.of(
          HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_DISPOSITION, HttpHeaders.WWW_AUTHENTICATE);

  private final UpstreamConfig config;
  private final Breakers breakers;
  private final HttpClient client;

  UpstreamStream(Vertx vertx, UpstreamConfig config, Breakers breakers) {
    this.config = config;
    this.breakers = breakers;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis())));
  }

  Multi<Buffer> ask(Call call) {
    return RestMulti.fromUniResponse(
        response(call),
        HttpClientResponse::toMulti,
        UpstreamStream::headers,
        HttpClientResponse::statusCode);
  }

  private Uni<HttpClientResponse> response(Call call) {
    return breakers.guard(
        call.service(),
        () ->
            client
                .request(options(call))
                .flatMap(HttpClientRequest::send)
                .invoke(HttpClientResponse::pause)
                .ifNoItem()
                .after(config.timeout())
                .fail(),
        RESPONSE);
  }

  private RequestOptions options(Call call) {
    RequestOptions options =
        new RequestOptions().setMethod(call.method()).setAbsoluteURI(uri(call));
    call.headers().forEach(options::addHeader);
    return options;
  }

  private String uri(Call call) {
    String base = config.url(call.service()).toString().replaceAll("/+$", "") + BASE + call.path();
    return call.query().isEmpty()
        ? base
        : call.query().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
            .collect(Collectors.joining("&", base + "?", ""));
  }

  private static Map<String, List<String>> headers(HttpClientResponse response) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : PASSED_ON) {
      String value = response.getHeader(name);
      if (value != null) {
        headers.put(name, List.of(value));
      }
    }
    return headers;
  }

  @PreDestroy
  void close() {
    client.closeAndForget();
  }
}
