package io.whimbrel.gateway.security;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.jwt.consumer.Validator;
import org.jspecify.annotations.Nullable;

/**
 * Refuses tokens that say they are for something else than access: ID, refresh and logout tokens.
 * An ID token is known by the type Keycloak gives it, or by claims that only ID tokens carry.
 */
@ApplicationScoped
@Unremovable
public class AccessTokensOnly implements Validator {
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  @Override
  public @Nullable String validate(JwtContext context) throws MalformedClaimException {
    String type = context.getJoseObjects().get(0).getHeader("typ");
    if (type != null && !TYPES.contains(type.toLowerCase(Locale.ROOT))) {
      return "The header's typ is not that of an access token";
    }
    if (!"Bearer".equals(context.getJwtClaims().getClaimValue("typ", String.class))
        && context.getJwtClaims().hasClaim("typ")) {
      return "The claim typ is not that of an access token";
    }
    return Stream.of("nonce", "at_hash", "c_hash").anyMatch(context.getJwtClaims()::hasClaim)
        ? "The claims are those of an ID token"
        : null;
  }
}
