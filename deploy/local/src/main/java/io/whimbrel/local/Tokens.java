package io.whimbrel.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Bearer tokens as the local identity provider signs them. */
public final class Tokens {

  public static final String AUDIENCE = "whimbrel";

  private final RSAKey key;
  private final String issuer;

  Tokens(RSAKey key, String issuer) {
    this.key = key;
    this.issuer = issuer;
  }

  /** A signing key as JSON, private part included. */
  static String newKey() {
    try {
      return new RSAKeyGenerator(2048).keyID(OidcProvider.ISSUER).generate().toJSONString();
    } catch (JOSEException e) {
      throw new IllegalStateException("Cannot make a signing key", e);
    }
  }

  static RSAKey key(String json) {
    try {
      return RSAKey.parse(json);
    } catch (ParseException e) {
      throw new IllegalStateException("The signing key cannot be read", e);
    }
  }

  /** The roles of the local identities: a super-admin is an admin too. */
  static List<String> roles(String identity) {
    return switch (identity) {
      case "admin" -> List.of("admin");
      case "super-admin" -> List.of("admin", "super-admin");
      case "none" -> List.of();
      default ->
          throw new IllegalArgumentException(
              "No identity " + identity + "; there are admin, super-admin and none");
    };
  }

  /** A token for twelve hours. */
  public String token(String subject, List<String> roles) {
    return token(subject, roles, Duration.ofHours(12), Map.of());
  }

  /**
   * A token that may differ from the usual ones.
   *
   * @param validity from now; negative for a token that has expired
   * @param claims replace the usual ones, for tokens that ought to be refused
   */
  public String token(
      String subject, List<String> roles, Duration validity, Map<String, Object> claims) {
    Instant now = Instant.now();
    JWTClaimsSet.Builder set =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(subject)
            .audience(AUDIENCE)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(validity)))
            .claim("preferred_username", subject)
            .claim("realm_access", Map.of("roles", roles));
    claims.forEach(set::claim);
    try {
      JWSHeader header =
          new JWSHeader.Builder(JWSAlgorithm.RS256)
              .keyID(key.getKeyID())
              .type(com.nimbusds.jose.JOSEObjectType.JWT)
              .build();
      SignedJWT token = new SignedJWT(header, set.build());
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("Cannot sign a token", e);
    }
  }
}
