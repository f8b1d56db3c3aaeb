package io.whimbrel.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.RunStateName;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A {@code migration.progress} event as far as the gateway looks into it. The JSON is passed on as
 * it is, so that a field or a state of a newer executor reaches the reader.
 */
public record RunEvent(UUID runId, long sequence, String state, String json) {

  /** Empty if the JSON is no such event. */
  static Optional<RunEvent> of(JsonNode json) {
    try {
      JsonNode sequence = json.path("sequence");
      JsonNode state = json.path("state");
      return sequence.canConvertToLong() && sequence.isIntegralNumber() && state.isTextual()
          ? Optional.of(
              new RunEvent(
                  UUID.fromString(json.path("runId").asText()),
                  sequence.longValue(),
                  state.textValue(),
                  json.toString()))
          : Optional.empty();
    } catch (IllegalArgumentException noUuid) {
      return Optional.empty();
    }
  }

  public boolean terminal() {
    return terminal(state);
  }

  /** Whether a run in the state of this name has ended. */
  public static boolean terminal(String state) {
    return Stream.of(RunStateName.values())
        .anyMatch(known -> known.name().equals(state) && known.terminal());
  }
}
