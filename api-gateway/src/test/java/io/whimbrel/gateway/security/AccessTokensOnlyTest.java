package io.whimbrel.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensOnlyTest {

  @ParameterizedTest
  @CsvSource({",", "JWT,", "at+jwt,", "JWT,Bearer"})
  void anAccessTokenPasses(@Nullable String header, @Nullable String claim) throws Exception {
    assertThat(validate(header, "typ", claim)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"logout+jwt,", "JWT,ID", "JWT,Refresh", "JWT,bearer", "JWT,Offline"})
  void anotherTypeIsRefused(@Nullable String header, @Nullable String claim) throws Exception {
    assertThat(validate(header, "typ", claim)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonce", "at_hash", "c_hash"})
  void claimsOfIdTokensAreRefused(String claim) throws Exception {
    assertThat(validate("JWT", claim, "x")).isNotNull();
  }

  private static @Nullable String validate(
      @Nullable String header, String claim, @Nullable String value)
      throws MalformedClaimException {
    JsonWebSignature signature = new JsonWebSignature();
    if (header != null) {
      signature.setHeader("typ", header);
    }
    JwtClaims claims = new JwtClaims();
    if (value != null) {
      claims.setStringClaim(claim, value);
    }
    return new AccessTokensOnly().validate(new JwtContext(claims, List.of(signature)));
  }
}
