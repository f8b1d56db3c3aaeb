package io.whimbrel.local.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.whimbrel.local.OidcProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An identity provider, and the tokens it would give out. */
public final class OidcResource implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    return Map.of("quarkus.oidc.auth-server-url", OidcProvider.sharedIssuer());
  }

  @Override
  public void stop() {}

  /** The token of a user with these roles. */
  public static String token(String... roles) {
    return OidcProvider.sharedTokens().token("test-user", List.of(roles));
  }

  /**
   * A token that differs from a good one of an admin.
   *
   * @param validity from now, negative for one that has expired
   * @param claims replace the usual ones, e.g. {@code iss} or {@code aud}
   */
  public static String oddToken(Duration validity, Map<String, Object> claims) {
    return OidcProvider.sharedTokens().token("test-user", List.of("admin"), validity, claims);
  }
}
