package io.whimbrel.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.RunStateName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** A run as the REST API shows it. */
record Run(JsonNode json) {

  UUID id() {
    return UUID.fromString(json.path("runId").asText());
  }

  RunStateName state() {
    return RunStateName.valueOf(json.path("state").asText());
  }

  boolean ended() {
    return state().terminal();
  }

  Instant startedAt() {
    return Instant.parse(json.path("startedAt").asText());
  }

  Instant finishedAt() {
    return Instant.parse(json.path("finishedAt").asText());
  }

  JsonNode error() {
    return json.path("error");
  }

  /** How many times a step of the run was begun. */
  long attempts(String step) {
    return StreamSupport.stream(json.path("steps").spliterator(), false)
        .filter(attempt -> attempt.path("step").asText().equals(step))
        .count();
  }

  /** The scripts of the run whose state this is, in their order. */
  List<String> scripts(String state) {
    return StreamSupport.stream(json.path("migrations").spliterator(), false)
        .filter(migration -> migration.path("state").asText().equals(state))
        .map(migration -> migration.path("script").asText())
        .toList();
  }
}
