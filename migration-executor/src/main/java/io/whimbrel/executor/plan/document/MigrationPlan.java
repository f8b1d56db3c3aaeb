package io.whimbrel.executor.plan.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.RunOptions;
import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.drift.Drift;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.plan.PlanProblem;
import io.whimbrel.executor.plan.policy.PolicyVerdict;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do on a target, what it would mean, and what stands against it. It holds names
 * and measures, and the SQL of derived scripts; so it is shown to admins only.
 *
 * @param digest over scripts, options and the state of the target; a run of the plan is refused
 *     once it would be another
 * @param tookMs how long it took to make
 * @param problems why a run would be refused, whatever the policy says
 * @param repairs of the schema history, before the first migration
 * @param migrations in the order of application
 * @param impact on what is there; null if it was not read
 * @param forecast null if there is none
 * @param drift null if it was not looked for
 * @param notes what holds up nothing and a person should know
 * @param unknown what could not be found out, and why
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationPlan(
    UUID planId,
    String digest,
    String target,
    Database database,
    Wanted wanted,
    String createdBy,
    Instant createdAt,
    Instant validUntil,
    long tookMs,
    PlanSummary summary,
    PolicyVerdict policy,
    List<PlanProblem> problems,
    List<HistoryRepair> repairs,
    List<PlannedScript> migrations,
    Rehearsed rehearsal,
    @Nullable TargetImpact impact,
    @Nullable Forecast forecast,
    @Nullable Drift drift,
    ValidationPlan validation,
    List<String> notes,
    List<Unknown> unknown) {

  public MigrationPlan {
    problems = List.copyOf(problems);
    repairs = List.copyOf(repairs);
    migrations = List.copyOf(migrations);
    notes = List.copyOf(notes);
    unknown = List.copyOf(unknown);
  }

  /**
   * Which database it was made for, and where its history stood.
   *
   * @param version the greatest one that is applied; null if none is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Database(
      String systemIdentifier, String name, int historyRows, @Nullable String version) {}

  /** What was asked for; without migration and upTo, everything that is pending. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Wanted(@Nullable String migration, @Nullable String upTo, RunOptions options) {}

  /** A part of the plan that is missing. */
  public record Unknown(String part, String reason) {}

  /** Whether a run of it would begin. */
  public boolean executable() {
    return problems.isEmpty() && policy.allowed();
  }
}
