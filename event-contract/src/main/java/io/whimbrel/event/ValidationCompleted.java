package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a validation.
 *
 * @param validationId the report
 * @param valid whether the run may go on
 * @param counts findings by severity; a severity without findings may be absent
 * @param findings the first ones; the report has them all
 * @param durationMs milliseconds the validation took
 * @param error why the validation could not look, when it could not; then {@code valid} is false
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ValidationCompleted(
    UUID runId,
    UUID validationId,
    Phase phase,
    String target,
    boolean valid,
    Map<Severity, Long> counts,
    List<Finding> findings,
    long durationMs,
    @Nullable String error)
    implements Event {

  public ValidationCompleted {
    counts = Map.copyOf(counts);
    findings = List.copyOf(findings);
  }

  /**
   * What a rule found. It names keys and never other values.
   *
   * @param subject the constraint, column or index looked at
   * @param rows how many rows are wrong
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Finding(
      String rule,
      Severity severity,
      @Nullable String table,
      @Nullable String subject,
      long rows,
      String message) {}

  @Override
  public EventType type() {
    return EventType.VALIDATION_COMPLETED;
  }
}
