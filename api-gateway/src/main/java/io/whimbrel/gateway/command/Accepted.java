package io.whimbrel.gateway.command;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.gateway.upstream.Answer;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;

/** The answer to a command that Kafka has: which run it is, and where that can be followed. */
record Accepted(
    UUID runId, String target, Operation operation, RunStateName state, Map<String, String> links) {

  static Accepted of(MigrationRequested request) {
    String self = "/api/v1/migrations/runs/" + request.runId();
    return new Accepted(
        request.runId(),
        request.target(),
        request.operation(),
        RunStateName.REQUESTED,
        Map.of("self", self, "events", self + "/events", "cancel", self + "/cancel"));
  }

  Response response() {
    // Not location(..), which would make it absolute with the host as seen behind a proxy.
    return Response.accepted(this).header(HttpHeaders.LOCATION, links.get("self")).build();
  }

  static Response finished(Answer run) {
    return Response.fromResponse(run.response()).header("Preference-Applied", "wait").build();
  }
}
