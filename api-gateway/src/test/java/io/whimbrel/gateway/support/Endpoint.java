package io.whimbrel.gateway.support;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;

/** The API, as its callers know it. */
public record Endpoint(String method, String path, String body) {
  private static final String ID = "0190d2a4-7f3c-4a53-8a1e-2f6d5f0c9b11";
  private static final String ORDERS = "{\"target\": \"orders\"}";

  public static final List<Endpoint> ALL =
      List.of(
          new Endpoint("POST", "/execute", ORDERS),
          new Endpoint("POST", "/validate", ORDERS),
          new Endpoint("POST", "/rollback", "{\"target\": \"orders\", \"downTo\": \"3\"}"),
          new Endpoint("POST", "/plan", ORDERS),
          get("/plans/" + ID),
          get("/status"),
          get("/runs"),
          get("/runs/" + ID),
          get("/runs/" + ID + "/events"),
          new Endpoint("POST", "/runs/" + ID + "/cancel", ""),
          new Endpoint("POST", "/runs/" + ID + "/pause", ""),
          new Endpoint("POST", "/runs/" + ID + "/resume", ""),
          get("/catalog"),
          get("/targets"),
          get("/backups"),
          get("/backups/" + ID),
          new Endpoint("POST", "/backups/" + ID + "/verify", ""),
          get("/rollbacks/statistics"),
          get("/validation/rules"),
          get("/validation/reports/" + ID),
          get("/validation/reports/" + ID + "/diff"),
          new Endpoint("POST", "/validation/reports/" + ID + "/cancel", ""),
          new Endpoint("POST", "/validation/specific", ORDERS),
          get("/health"),
          get("/metrics"),
          get("/performance"),
          get("/report"),
          get("/export"),
          get("/alerts"),
          new Endpoint("PUT", "/alerts/" + ID + "/acknowledge", "{\"note\": \"mine\"}"),
          get("/alerts/silences"),
          new Endpoint("POST", "/alerts/silences", "{\"note\": \"planned\"}"),
          new Endpoint("DELETE", "/alerts/silences/" + ID, ""),
          get("/audit"),
          new Endpoint("POST", "/audit/verify", ""),
          new Endpoint("DELETE", "/cleanup", ""),
          new Endpoint("POST", "/rebuild", ""));

  private static Endpoint get(String path) {
    return new Endpoint("GET", path, "");
  }

  /** Whether a super-admin is needed, and enough. */
  public boolean superAdmin() {
    return path.equals("/cleanup") || path.equals("/rebuild");
  }

  public boolean open() {
    return path.equals("/health");
  }

  /** The path with variables, as the OpenAPI document has it. */
  public String template() {
    return path.replace(ID, "{id}");
  }

  public Response call(RequestSpecification caller) {
    return call(caller, Callers.API + path);
  }

  /** Sends the request of this endpoint to another path. */
  public Response call(RequestSpecification caller, String otherPath) {
    RequestSpecification request = caller.urlEncodingEnabled(false);
    if (!body.isEmpty()) {
      request = request.contentType("application/json").body(body);
    }
    return request.request(method, otherPath);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
