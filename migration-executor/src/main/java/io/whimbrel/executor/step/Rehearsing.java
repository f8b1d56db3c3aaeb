package io.whimbrel.executor.step;

import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.rehearsal.Rehearsal;
import io.whimbrel.executor.rehearsal.RehearsalLimits;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Rehearses the scripts of a run, for as long as the run is being planned. */
@ApplicationScoped
class Rehearsing {
  private final RehearsalConfig config;
  private final RunRepository runs;

  Rehearsing(RehearsalConfig config, RunRepository runs) {
    this.config = config;
    this.runs = runs;
  }

  /**
   * Rehearses if what that finds out is of use to any later step.
   *
   * @throws SQLException if the target cannot be reached or read
   */
  RehearsalReport of(Run run, Target target, List<Script> scripts) throws SQLException {
    RunOptions options = run.options();
    if (!options.createBackup() && !options.validateBefore() && !options.validateAfter()) {
      return RehearsalReport.notAskedFor();
    }
    var limits =
        new RehearsalLimits(config.statementTimeout(), config.timeout(), () -> isPlanned(run.id()));
    return Rehearsal.rehearse(target, run.id(), scripts, limits);
  }

  private boolean isPlanned(UUID run) {
    return runs.find(run).filter(now -> now.state() == RunStateName.REQUESTED).isPresent();
  }
}
