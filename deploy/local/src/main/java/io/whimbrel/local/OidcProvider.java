package io.whimbrel.local;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.OAuth2Exception;
import no.nav.security.mock.oauth2.http.MockWebServerWrapper;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/**
 * An OpenID Connect provider with discovery, JWKS and client credentials. Its clients are the
 * identities {@code admin}, {@code super-admin} and {@code none}; it listens on this machine only.
 */
public final class OidcProvider implements AutoCloseable {

  static final String ISSUER = "whimbrel";

  private static final String SHARED_ISSUER = "whimbrel.local.oidc.issuer";
  private static final String SHARED_KEY = "whimbrel.local.oidc.key";

  private final MockOAuth2Server server;
  private final String issuer;

  private OidcProvider(MockOAuth2Server server, String issuer) {
    this.server = server;
    this.issuer = issuer;
  }

  /**
   * @param key as made by {@link Tokens#newKey()}
   * @param clientSecret what its clients have to know
   */
  static OidcProvider start(int port, String key, String clientSecret) {
    RSAKey signingKey = Tokens.key(key);
    KeyProvider keys = new KeyProvider(List.of(signingKey), "RS256");
    // The first issuer that is asked for takes the key; no other path may be first.
    keys.signingKey(ISSUER);
    OAuth2Config config =
        new OAuth2Config(
            false,
            null,
            null,
            false,
            new OAuth2TokenProvider(keys),
            Set.of(new Clients(clientSecret)),
            new MockWebServerWrapper());
    MockOAuth2Server server = new MockOAuth2Server(config);
    server.start(InetAddress.getLoopbackAddress(), port);
    return new OidcProvider(server, issuer(port));
  }

  /** The issuer of this JVM's tests, started at the first call. */
  public static String sharedIssuer() {
    Properties properties = System.getProperties();
    synchronized (properties) {
      String issuer = properties.getProperty(SHARED_ISSUER);
      if (issuer != null) {
        return issuer;
      }
      String key = Tokens.newKey();
      int port = Ports.free();
      OidcProvider provider = start(port, key, Secrets.random());
      Runtime.getRuntime().addShutdownHook(new Thread(provider::close, "stop-oidc"));
      properties.setProperty(SHARED_KEY, key);
      properties.setProperty(SHARED_ISSUER, issuer(port));
      return issuer(port);
    }
  }

  /** Tokens of the issuer of this JVM's tests. */
  public static Tokens sharedTokens() {
    String issuer = sharedIssuer();
    return new Tokens(Tokens.key(System.getProperty(SHARED_KEY, "")), issuer);
  }

  String issuer() {
    return issuer;
  }

  static String issuer(int port) {
    return "http://localhost:" + port + "/" + ISSUER;
  }

  @Override
  public void close() {
    server.shutdown();
  }

  /** What the tokens of the client credentials grant say. */
  private record Clients(String secret) implements OAuth2TokenCallback {

    @Override
    public String issuerId() {
      return ISSUER;
    }

    @Override
    public String subject(TokenRequest request) {
      if (request.getClientAuthentication() instanceof PlainClientSecret client
          && client.getClientSecret().getValue().equals(secret)) {
        return client.getClientID().getValue();
      }
      throw new OAuth2Exception(OAuth2Error.INVALID_CLIENT, "unknown client or wrong secret");
    }

    @Override
    public String typeHeader(TokenRequest request) {
      return "JWT";
    }

    @Override
    public List<String> audience(TokenRequest request) {
      return List.of(Tokens.AUDIENCE);
    }

    @Override
    public Map<String, Object> addClaims(TokenRequest request) {
      String client = subject(request);
      try {
        return Map.of(
            "preferred_username", client, "realm_access", Map.of("roles", Tokens.roles(client)));
      } catch (IllegalArgumentException e) {
        throw new OAuth2Exception(OAuth2Error.INVALID_CLIENT, "unknown client or wrong secret", e);
      }
    }

    @Override
    public long tokenExpiry() {
      return 3600;
    }
  }
}
