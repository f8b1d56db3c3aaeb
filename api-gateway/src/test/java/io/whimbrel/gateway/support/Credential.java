package io.whimbrel.gateway.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.whimbrel.local.OidcProvider;
import io.whimbrel.local.test.OidcResource;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Something by which a caller may try to be let in.
 *
 * @param header the value of Authorization, absent if there is none
 * @param roles the roles it proves; absent if it is refused or missing
 */
public record Credential(String name, @Nullable String header, @Nullable Set<String> roles) {
  private static final Duration HOUR = Duration.ofHours(1);

  /** Every kind there is, good and bad. */
  public static List<Credential> all() {
    String good = OidcResource.token("admin");
    String[] parts = good.split("\\.", -1);
    Map<String, String> refused = new LinkedHashMap<>();
    refused.put("malformed", "garbage");
    refused.put("empty", "");
    refused.put("bad signature", parts[0] + "." + parts[1] + "." + flipped(parts[2]));
    refused.put(
        "other claims",
        parts[0]
            + "."
            + base64("{\"sub\":\"x\",\"realm_access\":{\"roles\":[\"admin\"]}}")
            + "."
            + parts[2]);
    refused.put("alg none", base64("{\"alg\":\"none\"}") + "." + parts[1] + ".");
    refused.put("HS256 with the public key as PEM", symmetric(parts[1], pem(publicKey())));
    refused.put("HS256 with the public key as DER", symmetric(parts[1], publicKey().getEncoded()));
    refused.put("expired", OidcResource.oddToken(Duration.ofMinutes(-5), Map.of()));
    refused.put("not yet valid", odd("nbf", Date.from(Instant.now().plus(HOUR))));
    refused.put("wrong issuer", odd("iss", "http://localhost/other"));
    refused.put("wrong audience", odd("aud", "other"));
    refused.put("missing audience", odd("aud", null));
    refused.put("missing subject", odd("sub", null));
    refused.put("ID token by type", odd("typ", "ID"));
    refused.put("ID token by nonce", odd("nonce", "n"));
    refused.put("refresh token", odd("typ", "Refresh"));
    return Stream.of(
            Stream.of(
                new Credential("none", null, null),
                new Credential("another scheme", "Basic YWRtaW46YWRtaW4=", null)),
            refused.entrySet().stream()
                .map(token -> new Credential(token.getKey(), "Bearer " + token.getValue(), null)),
            known())
        .flatMap(credentials -> credentials)
        .toList();
  }

  private static Stream<Credential> known() {
    return Stream.of(
        let("no role", OidcResource.token()),
        let("another role", OidcResource.token("user")),
        let("wrong case", OidcResource.token("Admin", "SUPER-ADMIN")),
        let(
            "role in the wrong claim",
            OidcResource.oddToken(
                HOUR,
                Map.of(
                    "realm_access", Map.of("roles", List.of()),
                    "roles", List.of("admin", "super-admin"),
                    "groups", List.of("admin", "super-admin"),
                    "scope", "admin super-admin",
                    "resource_access", Map.of("whimbrel", Map.of("roles", List.of("admin")))))),
        let("roles as one text", odd("realm_access", Map.of("roles", "[admin]"))),
        let("admin", OidcResource.token("admin"), "admin"),
        let("super-admin alone", OidcResource.token("super-admin"), "super-admin"),
        let("super-admin", OidcResource.token("admin", "super-admin"), "admin", "super-admin"));
  }

  private static Credential let(String name, String token, String... roles) {
    return new Credential(name, "Bearer " + token, Set.of(roles));
  }

  /** What an endpoint answers a caller with this credential; 200 stands for any success. */
  public int expected(Endpoint endpoint) {
    if (roles == null) {
      return endpoint.open() && !token() ? 200 : 401;
    }
    return endpoint.open() || roles.contains(endpoint.role()) ? 200 : 403;
  }

  private boolean token() {
    return header != null && header.matches("Bearer .+");
  }

  private static String odd(String claim, @Nullable Object value) {
    return OidcResource.oddToken(HOUR, Collections.singletonMap(claim, value));
  }

  private static String symmetric(String claims, byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed =
          base64("{\"alg\":\"HS256\",\"kid\":\"whimbrel\",\"typ\":\"JWT\"}") + "." + claims;
      return signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key that the provider publishes for the check of signatures. */
  private static PublicKey publicKey() {
    try {
      return ((PublicJsonWebKey)
              new HttpsJwks(OidcProvider.sharedIssuer() + "/jwks").getJsonWebKeys().get(0))
          .getPublicKey();
    } catch (IOException | JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] pem(PublicKey key) {
    return ("-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
            + "\n-----END PUBLIC KEY-----\n")
        .getBytes(UTF_8);
  }

  private static String flipped(String signature) {
    return (signature.startsWith("A") ? "B" : "A") + signature.substring(1);
  }

  private static String base64(String json) {
    return base64(json.getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return name;
  }
}
