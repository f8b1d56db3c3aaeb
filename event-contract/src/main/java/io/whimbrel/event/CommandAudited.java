package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command that somebody gave by REST, and what came of it; for the audit trail.
 *
 * @param id of this call
 * @param caller the caller of the token
 * @param command what was asked for, e.g. {@code CANCEL}
 * @param subject what it is about, as the path names it: a run, a backup, a report
 * @param runId the run that it is about, if it is about one
 * @param outcome what came of it
 * @param status the HTTP status of the answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CommandAudited(
    UUID id,
    Instant at,
    String caller,
    String command,
    @Nullable String subject,
    @Nullable UUID runId,
    @Nullable String target,
    Outcome outcome,
    long status)
    implements Event {

  /** What came of a command. */
  public enum Outcome {
    /** It was done, or will be. */
    ACCEPTED,
    /** The caller may not give it, or not now, or there is no such thing. */
    REFUSED,
    /** Whoever was to do it failed, or did not answer; it may have been done. */
    FAILED
  }

  @Override
  public EventType type() {
    return EventType.COMMAND_AUDITED;
  }
}
