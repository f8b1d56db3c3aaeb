package io.whimbrel.executor.planning;

import io.whimbrel.executor.drift.Drift;
import io.whimbrel.executor.drift.Drifts;
import io.whimbrel.executor.forecast.Calibration;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.forecast.Forecast.ScriptForecast;
import io.whimbrel.executor.forecast.Forecasting;
import io.whimbrel.executor.impact.ImpactReader;
import io.whimbrel.executor.impact.ImpactSettings;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.plan.document.PlannedScript;
import io.whimbrel.executor.plan.policy.Acceptance;
import io.whimbrel.executor.plan.policy.PolicyJudge;
import io.whimbrel.executor.plan.policy.PolicyVerdict;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.facts.ColumnUses;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.reversal.Budget;
import io.whimbrel.executor.reversal.Reversals;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskFinding;
import io.whimbrel.executor.risk.Risks;
import io.whimbrel.target.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says of pending scripts: tried in scratch databases, and asked on the target.
 *
 * @param risks in the order of the statements
 * @param waysBack in the order of the scripts; empty if none were looked for
 */
public record Findings(
    RehearsalReport rehearsal,
    @Nullable TargetImpact impact,
    @Nullable Forecast forecast,
    List<RiskFinding> risks,
    List<WayBack> waysBack,
    @Nullable Drift drift) {

  /** Kept back from parts that mind their time, so that they end before the plan is late. */
  private static final Duration RESERVE = Duration.ofMillis(1500);

  /** Rehearses, as long as someone waits for it. */
  public interface Rehearse {
    RehearsalReport of(BooleanSupplier wanted) throws SQLException;
  }

  /** Knows how fast the target is, waiting no longer than it is given. */
  public interface Speeds {
    Forecasting.Known within(Duration patience) throws SQLException, InterruptedException;
  }

  /** Finds out as much as the budget allows; the parts of it beside each other. */
  public static Findings of(
      Prospect prospect, UUID plan, Budgeted budget, Rehearse rehearse, Speeds speeds)
      throws InterruptedException {
    if (!prospect.complete() || prospect.ready().isEmpty()) {
      return nothing(prospect);
    }
    Target target = prospect.target();
    Future<RehearsalReport> rehearsed =
        budget.begin(() -> rehearse.of(() -> !budget.left().isZero()));
    Future<List<WayBack>> proved =
        budget.begin(
            () ->
                Reversals.of(
                    target,
                    plan,
                    prospect.ready(),
                    prospect.catalogue(),
                    new Budget(budget.left().minus(RESERVE), Budget.DEFAULT.rows())));
    Future<Drift> drifted =
        budget.begin(
            () ->
                Drifts.of(
                    target,
                    plan,
                    prospect.catalogue(),
                    prospect.current().placeholders(),
                    prospect.history(),
                    budget.left().minus(RESERVE)));
    Future<Forecasting.Known> calibrated = budget.begin(() -> speeds.within(budget.third()));
    RehearsalReport rehearsal =
        budget
            .await("rehearsal", rehearsed)
            .orElseGet(() -> notRehearsed("it did not end in time"));
    Future<TargetImpact> read =
        budget.begin(
            () ->
                ImpactReader.read(
                    target,
                    plan.toString(),
                    prospect.ready(),
                    rehearsal.scripts(),
                    ImpactSettings.DEFAULT.within(budget.left().minus(RESERVE))));
    TargetImpact impact = budget.await("impact", read).orElse(null);
    List<WayBack> ways = budget.await("waysBack", proved).orElse(List.of());
    Calibration known = speeds(budget, calibrated);
    Forecast forecast =
        impact == null || rehearsal.scripts().isEmpty()
            ? null
            : Forecast.of(rehearsal.scripts(), impact, known);
    List<RiskFinding> risks = Risks.of(rehearsal, new KnownTables(rehearsal, impact, forecast));
    ColumnUses uses = rehearsal.uses();
    if (uses != null && uses.unknown() != null) {
      budget.missing("columnUse", uses.unknown());
    }
    Drift drift = budget.await("drift", drifted).orElse(null);
    return new Findings(rehearsal, impact, forecast, risks, ways, drift);
  }

  private static Calibration speeds(Budgeted budget, Future<Forecasting.Known> calibrated)
      throws InterruptedException {
    Forecasting.Known known =
        budget
            .await("forecast", calibrated)
            .orElseGet(() -> new Forecasting.Known(Calibration.DEFAULTS, null));
    String caveat = known.caveat();
    if (caveat != null) {
      budget.missing("forecast", caveat);
    }
    return known.speeds();
  }

  private static Findings nothing(Prospect prospect) {
    String why =
        prospect.ready().isEmpty()
            ? "nothing is pending"
            : "not every script can run; mend the problems first";
    return new Findings(
        prospect.ready().isEmpty()
            ? new RehearsalReport(List.of(), List.of(), true, why)
            : notRehearsed(why),
        null,
        null,
        List.of(),
        List.of(),
        null);
  }

  private static RehearsalReport notRehearsed(String why) {
    return new RehearsalReport(List.of(), List.of(), false, "not rehearsed: " + why);
  }

  /** Whether every script ran to its end in the scratch database. */
  static boolean isRehearsed(RehearsalReport rehearsal, Prospect prospect) {
    return prospect.ready().isEmpty()
        || (rehearsal.failure() == null && rehearsal.scripts().size() >= prospect.ready().size());
  }

  PolicyVerdict judged(Prospect prospect, Acceptance acceptance) {
    Target target = prospect.target();
    PolicyJudge judge = new PolicyJudge(target.name(), target.policy(), acceptance);
    judge.risks(risks).waysBack(waysBack);
    if (!isRehearsed(rehearsal, prospect)) {
      judge.notRehearsed(rehearsal.summary());
    }
    return judge.verdict();
  }

  /** The scripts with what was found out of each. */
  List<PlannedScript> scripts(Prospect prospect) {
    Map<String, ScriptFacts> facts = new HashMap<>();
    rehearsal.scripts().forEach(each -> facts.put(each.script(), each));
    Map<String, WayBack> ways = new HashMap<>();
    waysBack.forEach(way -> ways.put(way.script(), way));
    Map<String, ScriptForecast> durations = new HashMap<>();
    if (forecast != null) {
      forecast.scripts().forEach(each -> durations.put(each.script(), each));
    }
    List<PlannedScript> planned = new ArrayList<>();
    prospect
        .ready()
        .forEach(
            script -> {
              String name = script.migration().script();
              planned.add(
                  PlannedScript.of(script, prospect.catalogue())
                      .with(
                          facts.containsKey(name) ? facts.get(name).statements() : List.of(),
                          risks.stream().filter(one -> one.migration().equals(name)).toList(),
                          durations.get(name),
                          ways.get(name)));
            });
    return planned;
  }
}
