package io.whimbrel.validation.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.Phase;
import io.whimbrel.validation.request.RequestRepository.Stored;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A validation whose report is yet to come. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Underway(
    UUID id, @Nullable UUID runId, Phase phase, String target, String state, Instant requestedAt) {

  static Underway of(Stored stored) {
    return new Underway(
        stored.id(),
        stored.runId(),
        stored.phase(),
        stored.target(),
        stored.state(),
        stored.requestedAt());
  }
}
