package io.whimbrel.executor.planning;

import io.whimbrel.event.RiskRuleName;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.impact.ImpactReader;
import io.whimbrel.executor.impact.ImpactSettings;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.plan.document.PlannedScript;
import io.whimbrel.executor.plan.policy.Acceptance;
import io.whimbrel.executor.plan.policy.PolicyJudge;
import io.whimbrel.executor.plan.policy.PolicyVerdict;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.reversal.Budget;
import io.whimbrel.executor.reversal.Reversals;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskFinding;
import io.whimbrel.executor.risk.Risks;
import io.whimbrel.executor.run.Run;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run has to know before it may begin. No more is found out than its options and the policy
 * of its target ask for: a run without validation, backup and policy waits for nothing.
 *
 * @param accepted what the policy refuses and the run takes upon itself
 * @param notes what else is to be known of that
 * @param waysBack of its migrations; empty if the policy does not ask for them
 */
public record Judgement(
    RehearsalReport rehearsal, List<String> accepted, List<String> notes, List<WayBack> waysBack) {

  public Judgement {
    accepted = List.copyOf(accepted);
    notes = List.copyOf(notes);
    waysBack = List.copyOf(waysBack);
  }

  /**
   * Finds it out and judges it.
   *
   * @param approved the plan that the run names; what it has proved is not proved again
   * @throws Refusal if the policy refuses the run, or it takes risks that there are not
   */
  public static Judgement of(
      Run run, Prospect prospect, Optional<MigrationPlan> approved, Rehearsing rehearsing)
      throws SQLException, InterruptedException {
    Optional<String> complaint = RiskRuleName.complaint("acceptRisks", run.options().acceptRisks());
    if (complaint.isPresent()) {
      throw new Refusal(complaint.get());
    }
    Target target = prospect.target();
    Policy policy = target.policy();
    RehearsalReport rehearsal = rehearsing.ofRun(run, prospect);
    List<WayBack> ways =
        policy.requireProvenRollback() || policy.recovery().derivedUndo()
            ? waysBack(run, prospect, approved)
            : List.of();
    if (!policy.judgesRisks() && !policy.requireProvenRollback()) {
      return new Judgement(rehearsal, List.of(), unasked(run, target), ways);
    }
    PolicyJudge judge =
        new PolicyJudge(
            target.name(), policy, new Acceptance(run.options().acceptRisks(), run.mayLoseData()));
    if (policy.judgesRisks()) {
      judge.risks(risks(run, prospect, approved, rehearsal));
      if (!Findings.isRehearsed(rehearsal, prospect)) {
        judge.notRehearsed(rehearsal.summary());
      }
    }
    if (policy.requireProvenRollback()) {
      judge.waysBack(ways);
    }
    PolicyVerdict verdict = judge.verdict();
    if (!verdict.allowed()) {
      throw new Refusal(String.join(". ", verdict.refused()));
    }
    return new Judgement(
        rehearsal,
        verdict.accepted(),
        policy.judgesRisks() ? verdict.unneeded() : unasked(run, target),
        ways);
  }

  private static List<String> unasked(Run run, Target target) {
    return run.options().acceptRisks().isEmpty()
        ? List.of()
        : List.of(
            "acceptRisks is for nothing: the policy of target "
                + target.name()
                + " refuses no risk");
  }

  private static List<RiskFinding> risks(
      Run run, Prospect prospect, Optional<MigrationPlan> approved, RehearsalReport rehearsal)
      throws SQLException, InterruptedException {
    if (approved.isPresent()) {
      // As whoever approved it saw them.
      return approved.get().migrations().stream().flatMap(one -> one.risks().stream()).toList();
    }
    TargetImpact impact =
        ImpactReader.read(
            prospect.target(),
            run.id().toString(),
            prospect.ready(),
            rehearsal.scripts(),
            ImpactSettings.DEFAULT);
    return Risks.of(rehearsal, new KnownTables(rehearsal, impact, null));
  }

  private static List<WayBack> waysBack(
      Run run, Prospect prospect, Optional<MigrationPlan> approved) {
    List<WayBack> known =
        approved.stream()
            .flatMap(plan -> plan.migrations().stream())
            .map(PlannedScript::wayBack)
            .filter(Objects::nonNull)
            .filter(way -> way.verdict() != WayBack.Verdict.NOT_LOOKED_AT)
            .toList();
    return known.size() == prospect.ready().size()
        ? known
        : Reversals.of(
            prospect.target(), run.id(), prospect.ready(), prospect.catalogue(), Budget.DEFAULT);
  }
}
