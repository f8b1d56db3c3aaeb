package io.whimbrel.gateway.support;

import static io.whimbrel.gateway.support.FakeServices.reply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keys as the executor has them, for one caller; claims do not lapse. */
final class FakeKeys {
  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<String, Known> keys = new ConcurrentHashMap<>();

  private record Known(String fingerprint, String runId, boolean claimed, boolean accepted) {
    boolean is(String other) {
      return fingerprint.equals(other);
    }
  }

  void claim(HttpExchange exchange, String body) throws IOException {
    JsonNode wanted = mapper.readTree(body);
    String fingerprint = wanted.path("fingerprint").asText();
    String[] outcome = {""};
    Known known =
        keys.compute(
            wanted.path("key").asText(),
            (key, present) -> {
              if (present == null || (!present.claimed && present.is(fingerprint))) {
                outcome[0] = "CLAIMED";
                String run = present == null ? wanted.path("runId").asText() : present.runId;
                return new Known(fingerprint, run, true, false);
              }
              outcome[0] = !present.is(fingerprint) ? "OTHER_COMMAND" : "IN_PROGRESS";
              if (present.is(fingerprint) && present.accepted) {
                outcome[0] = "ACCEPTED";
              }
              return present;
            });
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    reply(
        exchange,
        200,
        mapper.writeValueAsString(Map.of("outcome", outcome[0], "runId", known.runId)));
  }

  void settle(HttpExchange exchange, String body) throws IOException {
    JsonNode settled = mapper.readTree(body);
    boolean accepted = settled.path("accepted").asBoolean();
    keys.computeIfPresent(
        settled.path("key").asText(),
        (key, known) -> new Known(known.fingerprint, known.runId, accepted, accepted));
    reply(exchange, 204, "");
  }
}
