package io.whimbrel.gateway.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.whimbrel.local.OidcProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A door to the identity provider that the test may close; it is closed when the gateway starts.
 */
public final class OwnOidc implements QuarkusTestResourceLifecycleManager {
  private final URI provider = URI.create(OidcProvider.sharedIssuer());
  private volatile boolean open;
  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
    return Map.of("quarkus.oidc.auth-server-url", door() + provider.getPath());
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(this, new TestInjector.MatchesType(OwnOidc.class));
  }

  public void open(boolean wanted) {
    open = wanted;
  }

  /** Passes on what the provider says, and leads to its keys by this door. */
  private void handle(HttpExchange exchange) throws IOException {
    if (!open) {
      exchange.close();
      return;
    }
    try (InputStream answer =
        provider.resolve(exchange.getRequestURI().getPath()).toURL().openStream()) {
      String base = provider.getScheme() + "://" + provider.getAuthority();
      String text =
          new String(answer.readAllBytes(), UTF_8)
              .replaceAll("(\"jwks_uri\"\\s*:\\s*\")" + base, "$1" + door());
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      FakeServices.reply(exchange, 200, text);
    }
  }

  private String door() {
    return "http://localhost:" + (server == null ? 0 : server.getAddress().getPort());
  }
}
