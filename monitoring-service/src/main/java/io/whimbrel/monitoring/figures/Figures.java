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
 * @param cleanedUntil single runs that ended before may be forgotten; counts of whole days (UTC)
 *     stay exact, durations are those of the runs that are left. Absent when nothing is forgotten
 * @param phases how long the runs spent validating, backing up, applying, verifying, rolling back
 * @param sqlStates runs that PostgreSQL stopped, by SQLSTATE
 * @param rows rows that batches were through with
 * @param spent what ended runs took besides time
 * @param deadLetters by topic; absent when a target is asked for, since a record that cannot be
 *     read names none
 * @param ingested events ever logged, by topic; absent when a target is asked for
 * @param consumerLag records that a service has yet to take from Kafka, by its group, as health saw
 *     it last; absent when a target is asked for
 * @param outboxLag seconds that the event has waited that has waited longest to be sent, by its
 *     service, as health saw it last; without a service that did not tell, and absent when a target
 *     is asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Figures(
    Instant computedAt,
    Period period,
    @Nullable String target,
    @Nullable Instant cleanedUntil,
    Runs runs,
    Durations durations,
    Map<String, Durations> phases,
    Rollbacks rollbacks,
    Validations validations,
    Map<String, Long> sqlStates,
    long rows,
    Spent spent,
    @Nullable DeadLetters deadLetters,
    @Nullable Map<String, Long> ingested,
    @Nullable Map<String, Long> consumerLag,
    @Nullable Map<String, Double> outboxLag,
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
   * @param queued active runs that wait for their turn
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
      long queued,
      Map<RunStateName, Long> outcomes,
      long succeeded,
      long failed,
      @Nullable Double successRate,
      @Nullable Double failureRate) {}

  /**
   * Milliseconds: of runs from the first step to the end, without those that were rejected or
   * cancelled; of phases from entering one to leaving it.
   *
   * @param p50Ms half of them took no longer
   * @param p95Ms 95 of 100 took no longer
   * @param p99Ms 99 of 100 took no longer
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Durations(
      long runs,
      @Nullable Double averageMs,
      @Nullable Double p50Ms,
      @Nullable Double p95Ms,
      @Nullable Double p99Ms,
      @Nullable Double longestMs) {}

  /**
   * Runs that were taken back, and those where this failed.
   *
   * @param successRate 0 to 1; absent without rollbacks
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rollbacks(long total, long succeeded, long failed, @Nullable Double successRate) {}

  /** Validations, those that did not pass, and how long they took on average. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Validations(long total, long failed, @Nullable Double averageMs) {}

  /**
   * What ended runs took besides time, as far as they told.
   *
   * @param lockWaitMs milliseconds that migrations waited in vain for locks before they got them
   * @param walBytes that migrations wrote, of those where it is known
   * @param retries attempts at steps that were made again, after a failure or the end of a process
   * @param backups that were taken
   * @param backupBytes of them as stored
   */
  public record Spent(
      long lockWaitMs, long walBytes, long retries, long backups, long backupBytes) {}

  /** Records that could not be read. */
  public record DeadLetters(long total, Map<String, Long> byTopic) {}

  /** The runs of one target. */
  public record OfTarget(String target, Runs runs) {}
}
