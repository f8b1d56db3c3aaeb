package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.whimbrel.local.test.OidcResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OidcProviderIT {

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void aTokenIsSignedWithThePublishedKeyAndCarriesTheRoles() throws Exception {
    String issuer = OidcProvider.sharedIssuer();
    assertThat(get(issuer + "/.well-known/openid-configuration"))
        .contains("\"issuer\" : \"" + issuer + "\"");

    SignedJWT token = SignedJWT.parse(OidcResource.token("admin"));
    JWKSet keys = JWKSet.parse(get(issuer + "/jwks"));

    assertThat(token.verify(new RSASSAVerifier(keys.getKeyByKeyId(keyId(token)).toRSAKey())))
        .isTrue();
    assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(issuer);
    assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("whimbrel");
    assertThat(token.getJWTClaimsSet().getClaim("realm_access"))
        .isEqualTo(Map.of("roles", List.of("admin")));
  }

  @Test
  void aClientGetsItsTokenForItsSecretOnly() throws Exception {
    int port = Ports.free();
    String key = Tokens.newKey();
    try (OidcProvider provider = OidcProvider.start(port, key, "right")) {
      assertThat(provider).isNotNull();
      HttpResponse<String> refused = post(port, "super-admin", "wrong");
      assertThat(refused.statusCode()).isBetween(400, 401);

      HttpResponse<String> answer = post(port, "super-admin", "right");
      assertThat(answer.statusCode()).isEqualTo(200);
      String text = answer.body().replaceAll("(?s).*\"access_token\"\\s*:\\s*\"([^\"]+)\".*", "$1");
      SignedJWT token = SignedJWT.parse(text);
      assertThat(token.verify(new RSASSAVerifier(Tokens.key(key)))).isTrue();
      assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(OidcProvider.issuer(port));
      assertThat(token.getJWTClaimsSet().getClaim("realm_access"))
          .isEqualTo(Map.of("roles", List.of("admin", "super-admin")));
    }
  }

  private static String keyId(SignedJWT token) {
    return token.getHeader().getKeyID();
  }

  private String get(String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpResponse<String> post(int port, String client, String secret) throws Exception {
    String form = "grant_type=client_credentials&client_id=" + client + "&client_secret=" + secret;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(OidcProvider.issuer(port) + "/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
