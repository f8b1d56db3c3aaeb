package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.Severity;
import io.whimbrel.event.ValidationCompleted;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a validation said about the run, or why there was none.
 *
 * @param validationId the report, if the validation took place
 * @param waiver why the run went on without
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ValidationOutcome(
    boolean valid,
    @Nullable UUID validationId,
    @Nullable Map<Severity, Long> counts,
    @Nullable List<ValidationCompleted.Finding> findings,
    @Nullable Long durationMs,
    @Nullable String error,
    @Nullable String waiver) {

  public static ValidationOutcome of(ValidationCompleted event) {
    return new ValidationOutcome(
        event.valid(),
        event.validationId(),
        event.counts(),
        event.findings(),
        event.durationMs(),
        event.error(),
        null);
  }

  public static ValidationOutcome waived(String why) {
    return new ValidationOutcome(true, null, null, null, null, null, why);
  }

  public static ValidationOutcome overdue(String why) {
    return new ValidationOutcome(false, null, null, null, null, why, null);
  }

  /** One sentence for people. */
  public String summary() {
    if (error != null) {
      return error;
    }
    if (findings == null || findings.isEmpty()) {
      return valid ? "nothing found" : "not valid";
    }
    ValidationCompleted.Finding first = findings.get(0);
    return first.rule()
        + ": "
        + first.message()
        + (findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "");
  }
}
