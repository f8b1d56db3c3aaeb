package io.whimbrel.executor.planning;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Drifted;
import io.whimbrel.executor.drift.Drift;
import io.whimbrel.executor.drift.Drifts;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.run.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What runs tell of drift: as the plan found it that they name, or as the policy asks for. */
@ApplicationScoped
public class Drifting {
  private static final int NAMED = 20;

  private final PlanConfig config;

  Drifting(PlanConfig config) {
    this.config = config;
  }

  /**
   * How the target of a run compares with its history; null if that is not to be told, or not
   * known.
   */
  public MigrationProgress.@Nullable Drift told(
      Run run, Prospect prospect, Optional<MigrationPlan> approved) {
    Drift drift =
        approved
            .map(MigrationPlan::drift)
            .filter(known -> known.state() != Drift.State.UNKNOWN)
            .orElseGet(() -> asked(run, prospect));
    return drift == null || drift.state() == Drift.State.UNKNOWN
        ? null
        : new MigrationProgress.Drift(
            drift.objects().size(),
            drift.objects().stream()
                .limit(NAMED)
                .map(each -> new Drifted(each.kind(), each.object(), each.aspect()))
                .toList());
  }

  private @Nullable Drift asked(Run run, Prospect prospect) {
    return prospect.target().policy().checkDrift()
        ? Drifts.of(
            prospect.target(),
            run.id(),
            prospect.catalogue(),
            prospect.current().placeholders(),
            prospect.history(),
            config.budget())
        : null;
  }
}
