package io.whimbrel.executor.planning;

import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.rehearsal.Rehearsal;
import io.whimbrel.executor.rehearsal.RehearsalLimits;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Rehearses the scripts of a run or a plan, for as long as someone waits for it. */
@ApplicationScoped
public class Rehearsing {
  private final RehearsalConfig config;
  private final RunRepository runs;

  Rehearsing(RehearsalConfig config, RunRepository runs) {
    this.config = config;
    this.runs = runs;
  }

  /**
   * Rehearses if what that finds out is of use: to the policy of the target, or to any later step.
   *
   * @throws SQLException if the target cannot be reached or read
   */
  RehearsalReport ofRun(Run run, Prospect prospect) throws SQLException {
    RunOptions options = run.options();
    if (!prospect.target().policy().judgesRisks()
        && !options.createBackup()
        && !options.validateBefore()
        && !options.validateAfter()) {
      return RehearsalReport.notAskedFor();
    }
    return rehearsed(prospect, run.id(), () -> isPlanned(run.id()));
  }

  /** Rehearses for a plan, as long as someone waits for it. */
  RehearsalReport ofPlan(Prospect prospect, UUID plan, BooleanSupplier wanted) throws SQLException {
    return rehearsed(prospect, plan, wanted);
  }

  private RehearsalReport rehearsed(Prospect prospect, UUID id, BooleanSupplier wanted)
      throws SQLException {
    var limits = new RehearsalLimits(config.statementTimeout(), config.timeout(), wanted);
    return Rehearsal.rehearse(prospect.target(), id, prospect.withCallbacks(), limits);
  }

  private boolean isPlanned(UUID run) {
    return runs.find(run).filter(now -> now.state() == RunStateName.REQUESTED).isPresent();
  }
}
