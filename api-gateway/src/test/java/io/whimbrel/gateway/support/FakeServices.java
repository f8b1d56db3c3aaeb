package io.whimbrel.gateway.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The executor, the validation and the monitoring service, played by one HTTP server that answers
 * what the test tells it to and remembers what it was asked. Keys of commands it keeps by itself.
 */
public final class FakeServices implements QuarkusTestResourceLifecycleManager {
  /** The origin of pages that may use the API. */
  public static final String CONSOLE = "https://console.example.org";

  private static final String API = "/api/v1/migrations";

  private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private FakeKeys keys = new FakeKeys();
  private @Nullable HttpServer server;
  private String breakerVolume = "1000000";

  /** The argument by which a test that is about breakers has them open as they do by default. */
  public static final String BREAKER_VOLUME = "breaker-volume";

  @Override
  public void init(Map<String, String> arguments) {
    breakerVolume = arguments.getOrDefault(BREAKER_VOLUME, breakerVolume);
  }

  /** What was asked; {@code uri} begins with the service, e.g. {@code /executor/runs?limit=1}. */
  public record Request(String method, String uri, Map<String, List<String>> headers, String body) {
    public @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().get(0))
          .findFirst()
          .orElse(null);
    }
  }

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    String base = "http://localhost:" + server.getAddress().getPort();
    return Map.ofEntries(
        Map.entry("whimbrel.executor.url", base + "/executor"),
        Map.entry("whimbrel.validation.url", base + "/validation/"),
        Map.entry("whimbrel.monitoring.url", base + "/monitoring"),
        Map.entry("whimbrel.upstream.timeout", "2S"),
        Map.entry("whimbrel.upstream.breaker-delay", "1S"),
        Map.entry("whimbrel.upstream.breaker-volume", breakerVolume),
        Map.entry("whimbrel.command.grant-secret", "a secret of the tests"),
        Map.entry("whimbrel.command.poll-interval", "1S"),
        Map.entry("whimbrel.rate.burst", "100000"),
        Map.entry("whimbrel.rate.per-minute", "1"),
        Map.entry("whimbrel.stream.heartbeat", "1S"),
        Map.entry("whimbrel.stream.poll-interval", "2S"),
        Map.entry("whimbrel.stream.unknown-run-grace", "2S"),
        Map.entry("quarkus.http.cors.origins", CONSOLE));
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(this, new TestInjector.MatchesType(FakeServices.class));
  }

  /** Forgets answers and requests. */
  public void reset() {
    handlers.clear();
    requests.clear();
    keys = new FakeKeys();
    down.clear();
    refused.set(0);
  }

  /** Lets a service ({@code executor}, say) cut every connection until the next reset. */
  public void goesDown(String service) {
    down.add(service);
  }

  /** How often a service that is down was asked. */
  public int refused() {
    return refused.get();
  }

  /** Forgets requests and goes on answering as before. */
  public void forgetRequests() {
    requests.clear();
  }

  /**
   * Answers what is asked for this way.
   *
   * @param path service and path, e.g. {@code /executor/runs}
   */
  public void answer(String path, int status, String contentType, String body) {
    on(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", contentType);
          reply(exchange, status, body);
        });
  }

  public void json(String path, String body) {
    answer(path, 200, "application/json", body);
  }

  public void on(String path, HttpHandler handler) {
    handlers.put(path, handler);
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String uri = exchange.getRequestURI().toString().replace(API, "");
    String path = exchange.getRequestURI().getPath().replace(API, "");
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (down.stream().anyMatch(service -> path.startsWith("/" + service + "/"))) {
      refused.incrementAndGet();
      exchange.close();
      return;
    }
    HttpHandler handler = handlers.get(path);
    if (handler == null && path.startsWith("/executor/keys/")) {
      if (path.endsWith("/claim")) {
        keys.claim(exchange, body);
      } else {
        keys.settle(exchange, body);
      }
      return;
    }
    requests.add(
        new Request(
            exchange.getRequestMethod(), uri, Map.copyOf(exchange.getRequestHeaders()), body));
    if (handler == null) {
      exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
      reply(exchange, 404, "{\"status\":404,\"title\":\"Not Found\"}");
    } else {
      handler.handle(exchange);
    }
  }
}
