package io.whimbrel.executor.planning;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.approval.PlanBasis;
import io.whimbrel.executor.plan.approval.TargetFingerprint;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.StoredPlan;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Holds a run against the plan that it names: it does what was approved, or nothing. */
@ApplicationScoped
public class Approval {
  private final Plans plans;

  Approval(Plans plans) {
    this.plans = plans;
  }

  /**
   * The plan that a run names, if it names one and it still stands.
   *
   * @throws Refusal naming everything that is no longer as it was planned
   */
  public Optional<MigrationPlan> of(Run run, Prospect prospect) throws SQLException {
    UUID id = run.request().planId();
    if (id == null) {
      return Optional.empty();
    }
    StoredPlan stored =
        plans
            .find(id)
            .orElseThrow(
                () ->
                    new Refusal(
                        "There is no plan "
                            + id
                            + "; make a new one with POST /plan, read it, and name that"));
    Target target = prospect.target();
    refuseOthers(stored, target);
    MigrationPlan plan = plans.document(stored);
    List<String> changes =
        plans.basis(stored).changesUntil(now(run, prospect, plan.rehearsal().touched()));
    if (!changes.isEmpty()) {
      throw new Refusal(
          "Plan "
              + id
              + " is not what would run now: "
              + String.join("; ", changes)
              + ". Make a new plan with POST /plan, read it, and name that");
    }
    return Optional.of(plan);
  }

  private static void refuseOthers(StoredPlan plan, Target target) {
    if (!plan.target().equals(target.name())) {
      throw new Refusal(
          "Plan %s is for target %s, and the run for %s; make a plan for this one"
              .formatted(plan.id(), plan.target(), target.name()));
    }
    // The policy of now, which may have become stricter than the one it was made under.
    Instant until = plan.createdAt().plus(target.policy().planAge());
    if (Instant.now().isAfter(until)) {
      throw new Refusal(
          ("Plan %s is older than the %s that the policy of target %s gives a plan (planAge);"
                  + " make a new one with POST /plan, read it, and name that")
              .formatted(plan.id(), words(target.policy().planAge()), target.name()));
    }
  }

  private static String words(Duration age) {
    if (age.toHours() > 0 && age.toMinutes() % 60 == 0) {
      return age.toHours() + " h";
    }
    return age.toSeconds() > 0 ? age.toSeconds() + " s" : age.toMillis() + " ms";
  }

  private static PlanBasis now(Run run, Prospect prospect, List<TableName> tables)
      throws SQLException {
    MigrationRequested request = run.request();
    RunOptions options = run.options();
    Target target = prospect.target();
    try (Connection connection = target.connect(target.executor(), "whimbrel-plan:" + run.id())) {
      return prospect.basis(
          request.migration(),
          request.upTo(),
          options,
          TargetFingerprint.read(connection, prospect.history(), tables));
    }
  }
}
