package io.whimbrel.gateway.upstream;

import io.vertx.core.http.HttpMethod;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One question to a service. */
record Call(
    Service service,
    HttpMethod method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    @Nullable String body) {

  static Call get(Service service, String path) {
    return new Call(service, HttpMethod.GET, path, Map.of(), Map.of(), null);
  }

  static Call post(Service service, String path) {
    return new Call(service, HttpMethod.POST, path, Map.of(), Map.of(), null);
  }

  static Call of(HttpMethod method, Service service, String path) {
    return new Call(service, method, path, Map.of(), Map.of(), null);
  }

  Call query(Map<String, String> parameters) {
    return new Call(service, method, path, parameters, headers, body);
  }

  /** With a body of JSON. */
  Call json(String json) {
    return new Call(service, method, path, query, headers, json)
        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
  }

  /** With the headers of the caller that services look at. */
  Call of(HttpHeaders caller) {
    return header(HttpHeaders.ACCEPT, accepted(caller.getHeaderString(HttpHeaders.ACCEPT)))
        .header(HttpHeaders.IF_NONE_MATCH, caller.getHeaderString(HttpHeaders.IF_NONE_MATCH))
        .authorization(caller.getHeaderString(HttpHeaders.AUTHORIZATION));
  }

  Call authorization(@Nullable String value) {
    return header(HttpHeaders.AUTHORIZATION, value);
  }

  private Call header(String name, @Nullable String value) {
    if (value == null) {
      return this;
    }
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Call(service, method, path, query, more, body);
  }

  /** What several kinds of answers are chosen from; JSON for a caller who takes anything. */
  private static String accepted(@Nullable String wanted) {
    return wanted == null || wanted.equals("*/*") ? "application/json, */*;q=0.5" : wanted;
  }
}
