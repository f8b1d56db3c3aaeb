package io.whimbrel.monitoring.figures;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.RunStateName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of a period and a target add up to. An ended run belongs to the period in which it
 * ended, an active one to now; a validation to the period in which it completed.
 *
 * @param deadLetters by topic; absent when a target is asked for, since a record that cannot be
 *     read names none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Figures(
    Instant computedAt,
    Period period,
    @Nullable String target,
    Runs runs,
    Durations durations,
    Rollbacks rollbacks,
    Validations validations,
    @Nullable DeadLetters deadLetters,
    List<OfTarget> targets) {

  /** From (inclusive) to (exclusive); what is absent does not bound. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Period(@Nullable Instant from, @Nullable Instant to) {
    public static final Period ALWAYS = new Period(null, null);
  }

  /**
   * How many runs there are, and how they ended.
   *
   * @param total ended and active runs
   * @param outcomes ended runs by their state
   * @param succeeded completed, or rolled back because that was asked for
   * @param failed failed, or rolled back because they had to be, or not even that
   * @param successRate of the ended runs, 0 to 1; absent without ended runs
   * @param failureRate likewise; rejected and cancelled runs are neither success nor failure
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Runs(
      long total,
      long active,
      Map<RunStateName, Long> outcomes,
      long succeeded,
      long failed,
      @Nullable Double successRate,
      @Nullable Double failureRate) {}

  /**
   * Milliseconds from the first step to the end, of the runs that ended other than rejected or
   * cancelled.
   *
   * @param p50Ms half of the runs took no longer
   * @param p95Ms 95 of 100 took no longer
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Durations(
      long runs, @Nullable Double averageMs, @Nullable Double p50Ms, @Nullable Double p95Ms) {}

  /** Runs that were taken back, and those where this failed. */
  public record Rollbacks(long total, long succeeded, long failed) {}

  /** Validations, and those that did not pass. */
  public record Validations(long total, long failed) {}

  /** Records that could not be read. */
  public record DeadLetters(long total, Map<String, Long> byTopic) {}

  /** The runs of one target. */
  public record OfTarget(String target, Runs runs) {}
}
