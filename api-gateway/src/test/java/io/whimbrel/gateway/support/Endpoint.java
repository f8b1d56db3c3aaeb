package io.whimbrel.gateway.support;

import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API, as its callers know it.
 *
 * @param role that is needed and enough; absent if everyone may
 * @param body that is well formed; absent if none is read
 */
public record Endpoint(String method, String path, @Nullable String role, @Nullable String body) {
  private static final String ID = "0190d2a4-7f3c-4a53-8a1e-2f6d5f0c9b11";
  private static final String ORDERS = "{\"target\": \"orders\"}";
  private static final String ADMIN = "admin";
  private static final String SUPER_ADMIN = "super-admin";

  private static final List<Endpoint> ROWS =
      List.of(
          post("/execute", ORDERS),
          post("/validate", ORDERS),
          post("/rollback", "{\"target\": \"orders\", \"downTo\": \"3\"}"),
          post("/plan", ORDERS),
          get("/plans/{id}"),
          get("/status"),
          get("/runs"),
          get("/runs/{id}"),
          get("/runs/{id}/events"),
          get("/events"),
          post("/runs/{id}/cancel", null),
          post("/runs/{id}/pause", null),
          post("/runs/{id}/resume", null),
          get("/catalog"),
          get("/targets"),
          get("/backups"),
          get("/backups/{id}"),
          post("/backups/{id}/verify", null),
          get("/rollbacks/statistics"),
          get("/validation/rules"),
          get("/validation/reports/{id}"),
          get("/validation/reports/{id}/diff"),
          post("/validation/reports/{id}/cancel", null),
          post("/validation/specific", ORDERS),
          new Endpoint("GET", "/health", null, null),
          get("/metrics"),
          get("/performance"),
          get("/report"),
          get("/export"),
          get("/alerts"),
          new Endpoint("PUT", "/alerts/{id}/acknowledge", ADMIN, "{\"note\": \"mine\"}"),
          get("/alerts/silences"),
          post("/alerts/silences", "{\"note\": \"planned\"}"),
          new Endpoint("DELETE", "/alerts/silences/{id}", ADMIN, null),
          get("/audit"),
          post("/audit/verify", null),
          new Endpoint("DELETE", "/cleanup", SUPER_ADMIN, null),
          new Endpoint("POST", "/rebuild", SUPER_ADMIN, null));

  /** Everything that is documented; fails if one of it has no row here. */
  public static List<Endpoint> all() {
    return ApiDocument.operations().stream()
        .map(
            operation ->
                row(operation)
                    .orElseThrow(() -> new IllegalStateException("No row for " + operation)))
        .toList();
  }

  private static Optional<Endpoint> row(String operation) {
    return ROWS.stream()
        .filter(row -> operation.equals(row.method + " " + Callers.API + row.path))
        .findFirst();
  }

  private static Endpoint get(String path) {
    return new Endpoint("GET", path, ADMIN, null);
  }

  private static Endpoint post(String path, @Nullable String body) {
    return new Endpoint("POST", path, ADMIN, body);
  }

  public boolean open() {
    return role == null;
  }

  /** Whether the answer goes on for as long as the reader stays. */
  public boolean streams() {
    return path.endsWith("/events");
  }

  /** Whether the answer is that of a service, and not the gateway's own. */
  public boolean passedOn() {
    return !streams() && !List.of("/execute", "/validate", "/rollback").contains(path);
  }

  /** Below the API, with the variables filled in. */
  public String filled() {
    return path.replace("{id}", ID);
  }

  public Response call(RequestSpecification caller) {
    return call(caller, Callers.API + filled());
  }

  /** Sends the request of this endpoint to another path. */
  public Response call(RequestSpecification caller, String otherPath) {
    return send(caller, otherPath, body);
  }

  /** Sends another body, as JSON unless the headers say otherwise. */
  public Response send(RequestSpecification caller, byte[] otherBody, Map<String, String> headers) {
    RequestSpecification request =
        caller
            .config(
                RestAssuredConfig.config()
                    .encoderConfig(
                        EncoderConfig.encoderConfig()
                            .encodeContentTypeAs(
                                "application/x-www-form-urlencoded", ContentType.TEXT)))
            .urlEncodingEnabled(false)
            .headers(headers);
    if (!headers.containsKey("Content-Type")) {
      request = request.contentType("application/json");
    }
    return request.body(otherBody).request(method, Callers.API + filled());
  }

  private Response send(RequestSpecification caller, String to, @Nullable String json) {
    RequestSpecification request = caller.urlEncodingEnabled(false);
    if (json != null) {
      request = request.contentType("application/json").body(json);
    }
    return request.request(method, to);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
