package io.whimbrel.validation.request;

import io.whimbrel.validation.report.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a validation. It lasts as long as its token is in the validation's row.
 *
 * @param requestedBy the user who asks, or {@link #SCHEDULE}; null if a run does
 * @param cancelledBy the user who wants no answer any more, if one does
 * @param trace the place in a trace at which it was asked for; null if in none
 * @param earlier what the validation that this one is compared with has noted; null if there is
 *     none
 * @param age since the validation was first claimed, by the clock of the database
 */
record Claim(
    UUID token,
    Subject subject,
    @Nullable String requestedBy,
    @Nullable String cancelledBy,
    @Nullable String trace,
    @Nullable Map<String, String> earlier,
    Duration age) {

  /** Who asks when nobody does. */
  static final String SCHEDULE = "schedule";

  /** Whether others are told of the outcome. */
  boolean announced() {
    return subject.runId() != null || SCHEDULE.equals(requestedBy);
  }
}
