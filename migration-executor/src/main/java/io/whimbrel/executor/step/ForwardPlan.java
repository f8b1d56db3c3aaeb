package io.whimbrel.executor.step;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.plan.document.Demands;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.planning.Approval;
import io.whimbrel.executor.planning.Drifting;
import io.whimbrel.executor.planning.FormerScripts;
import io.whimbrel.executor.planning.Judgement;
import io.whimbrel.executor.planning.Prospect;
import io.whimbrel.executor.planning.Prospects;
import io.whimbrel.executor.planning.Rehearsing;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunPlan;
import io.whimbrel.executor.run.RunPlan.PlannedMigration;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run forward is going to do, held against the plan that it names and the policy of its
 * target.
 */
@ApplicationScoped
class ForwardPlan {
  private final Prospects prospects;
  private final Approval approval;
  private final FormerScripts former;
  private final Rehearsing rehearsing;
  private final Drifting drifting;

  ForwardPlan(
      Prospects prospects,
      Approval approval,
      FormerScripts former,
      Rehearsing rehearsing,
      Drifting drifting) {
    this.prospects = prospects;
    this.approval = approval;
    this.former = former;
    this.rehearsing = rehearsing;
    this.drifting = drifting;
  }

  /**
   * Plans it.
   *
   * @throws Refusal if something stands against it
   */
  RunPlan of(Run run, Target target) throws SQLException, InterruptedException {
    Prospect prospect =
        prospects.strict(
            target,
            Prospect.selection(run.request()),
            run.options(),
            "whimbrel-plan:" + run.id(),
            differences -> former.note(run.id(), differences));
    Optional<MigrationPlan> approved = approval.of(run, prospect);
    former.keep(prospect.ready());
    Judgement judgement = Judgement.of(run, prospect, approved, rehearsing);
    RehearsalReport rehearsal = judgement.rehearsal();
    Map<String, String> inverses = inverses(target, judgement.waysBack());
    return new RunPlan(
        prospect.ready().stream()
            .map(script -> planned(script, prospect.catalogue(), inverses))
            .toList(),
        rehearsal.touched(),
        rehearsal.created(),
        Demands.of(rehearsal.scripts()),
        rehearsal.measured(),
        rehearsal.summary(),
        Stream.concat(prospect.survey().notes().stream(), judgement.notes().stream()).toList(),
        prospect.survey().repairs(),
        judgement.accepted(),
        drifting.told(run, prospect, approved),
        null);
  }

  /** The SQL that takes a script back, by its name, where one was derived and proven. */
  private static Map<String, String> inverses(Target target, List<WayBack> ways) {
    Map<String, String> inverses = new HashMap<>();
    if (target.policy().recovery().derivedUndo()) {
      for (WayBack way : ways) {
        if (way.source() == WayBack.Source.DERIVED && way.proven() && way.sql() != null) {
          inverses.put(way.script(), way.sql());
        }
      }
    }
    return inverses;
  }

  private static PlannedMigration planned(
      Script script, Catalogue catalogue, Map<String, String> inverses) {
    Migration migration = script.migration();
    return new PlannedMigration(
        migration.script(),
        migration.kind().name(),
        migration.version() == null ? null : migration.version().toString(),
        migration.description(),
        script.checksum(),
        script.headers().batch().isPresent(),
        migration.version() == null
            ? null
            : catalogue.undoOf(migration.version()).map(Migration::script).orElse(null),
        inverses.get(migration.script()));
  }
}
