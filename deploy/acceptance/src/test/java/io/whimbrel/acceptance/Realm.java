package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.local.Keycloak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Keycloak's realm as its clients, its users in a browser and its administrator use it. */
final class Realm {
  static final String CALLBACK = "http://127.0.0.1/callback";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Keycloak keycloak;

  Realm(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  /** The access token of a client that has a secret. */
  String clientToken(String client, String secret) {
    Answer answer =
        token(
            Map.of(
                "grant_type", "client_credentials",
                "client_id", client,
                "client_secret", secret));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("access_token").asText();
  }

  Answer token(Map<String, String> form) {
    return post(keycloak.issuer() + "/protocol/openid-connect/token", form);
  }

  /**
   * Goes to the page where people log in.
   *
   * @param pkce parameters of the challenge, or none
   */
  HttpResponse<String> authorize(Map<String, String> pkce) {
    Map<String, Object> query =
        Json.with(
            Map.of(
                "response_type", "code",
                "client_id", "whimbrel-console",
                "redirect_uri", CALLBACK),
            "scope",
            "openid");
    String base = keycloak.issuer() + "/protocol/openid-connect/auth?";
    return send(HttpRequest.newBuilder(URI.create(base + form(query) + "&" + form(pkce))).GET());
  }

  /** Fills in the form of the page; the code that the browser is sent back with. */
  String logIn(HttpResponse<String> page, String user, String password) {
    String action =
        page.body()
            .replaceAll("(?s).*<form[^>]* action=\"([^\"]+)\".*", "$1")
            .replace("&amp;", "&");
    String cookies =
        page.headers().allValues("Set-Cookie").stream()
            .map(cookie -> cookie.replaceFirst(";.*", ""))
            .collect(Collectors.joining("; "));
    Map<String, String> form = Map.of("username", user, "password", password);
    HttpResponse<String> back =
        send(
            HttpRequest.newBuilder(URI.create(action))
                .header("Cookie", cookies)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(form))));
    String location = back.headers().firstValue("Location").orElse("");
    assertThat(location).as(back.body()).startsWith(CALLBACK + "?").contains("code=");
    return location.replaceAll(".*[?&]code=([^&]+).*", "$1");
  }

  /** A user of that name, with its name as password and in a group, if one is named. */
  void addUser(String name, List<String> groups) {
    admin(
        "/users",
        Map.of(
            "username", name,
            "enabled", true,
            "email", name + "@example.org",
            "firstName", name,
            "lastName", name,
            "groups", groups,
            "credentials", List.of(Map.of("type", "password", "value", name))));
  }

  /** Asks for something with the rights of Keycloak's administrator. */
  void admin(String path, Map<String, ?> body) {
    Answer login =
        post(
            keycloak.url() + "/realms/master/protocol/openid-connect/token",
            Map.of(
                "grant_type",
                "password",
                "client_id",
                "admin-cli",
                "username",
                Keycloak.ADMIN,
                "password",
                keycloak.adminPassword()));
    String token = login.json().path("access_token").asText();
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(keycloak.url() + "/admin/realms/whimbrel" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(body))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  /** What a token says, whoever signed it. */
  static JsonNode claims(String token) {
    return part(token, 1);
  }

  static String keyId(String token) {
    return part(token, 0).path("kid").asText();
  }

  private static JsonNode part(String token, int index) {
    byte[] bytes = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
    return Json.read(new String(bytes, StandardCharsets.UTF_8));
  }

  private static Answer post(String url, Map<String, String> form) {
    return Answer.of(
        send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(form)))));
  }

  private static String form(Map<String, ?> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + encoded(String.valueOf(entry.getValue())))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
