package io.whimbrel.executor.plan.policy;

import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskFinding;
import io.whimbrel.target.Policy;
import io.whimbrel.target.RiskTreatment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds what is known of a plan against the policy of its target. Decides only. */
public final class PolicyJudge {
  /** Stands for whatever is not known because the scripts could not be rehearsed. */
  public static final String NOT_REHEARSED = "not-rehearsed";

  private static final List<String> LEVELS = List.of("low", "medium", "high");
  private static final int SCRIPTS_NAMED = 5;

  private final String target;
  private final Policy policy;
  private final Acceptance acceptance;

  private final List<String> refused = new ArrayList<>();
  private final List<String> accepted = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final Set<String> needed = new HashSet<>();

  public PolicyJudge(String target, Policy policy, Acceptance acceptance) {
    this.target = target;
    this.policy = policy;
    this.acceptance = acceptance;
  }

  private record Risk(String rule, String level, String at) {}

  /** Judges the risks; each rule once, with the places where it applies. */
  public PolicyJudge risks(List<RiskFinding> findings) {
    findings.stream()
        .map(
            one ->
                new Risk(one.rule(), one.level().word(), one.migration() + " line " + one.line()))
        .collect(
            Collectors.groupingBy(
                risk -> risk.rule() + " " + treatment(risk),
                LinkedHashMap::new,
                Collectors.toList()))
        .values()
        .forEach(these -> judge(these.get(0), these));
    return this;
  }

  /**
   * Judges that nobody knows what the scripts do: a high risk, which can be taken like others.
   *
   * @param why in a sentence
   */
  public PolicyJudge notRehearsed(String why) {
    Risk risk = new Risk(NOT_REHEARSED, "high", why);
    if (policy.judgesRisks()) {
      judge(risk, List.of(risk));
    } else {
      seen.add(risk.rule());
    }
    return this;
  }

  private void judge(Risk risk, List<Risk> all) {
    RiskTreatment treatment = treatment(risk);
    seen.add(risk.rule());
    if (treatment == RiskTreatment.WARN) {
      return;
    }
    needed.add(risk.rule());
    boolean named = acceptance.rules().contains(risk.rule());
    String what = risk.rule() + " (" + risk.level() + ", " + places(all) + ")";
    if (named && (treatment == RiskTreatment.REFUSE || acceptance.superAdmin())) {
      accepted.add(what);
      return;
    }
    String remedy =
        treatment == RiskTreatment.REFUSE
            ? "change the script, or take the risk by naming it under acceptRisks"
            : "change the script, or let a super-admin take the risk by naming it under acceptRisks"
                + (named ? "; a super-admin has to ask, through the gateway" : "");
    refused.add("The policy of target " + target + " refuses the risk " + what + "; " + remedy);
  }

  private RiskTreatment treatment(Risk risk) {
    RiskTreatment own = policy.risks().get(risk.rule());
    if (own != null) {
      return own;
    }
    int from = LEVELS.indexOf(policy.refuseRisk());
    return from >= 0 && LEVELS.indexOf(risk.level()) >= from
        ? RiskTreatment.REFUSE
        : RiskTreatment.WARN;
  }

  private static String places(List<Risk> risks) {
    List<String> places = risks.stream().map(Risk::at).distinct().toList();
    int more = places.size() - SCRIPTS_NAMED;
    return String.join(", ", places.subList(0, Math.min(SCRIPTS_NAMED, places.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** Judges the ways back, if the policy asks for proven ones. */
  public PolicyJudge waysBack(List<WayBack> ways) {
    if (policy.requireProvenRollback()) {
      ways.stream().filter(way -> !way.proven()).forEach(this::refuseUnproven);
    }
    return this;
  }

  private void refuseUnproven(WayBack way) {
    refused.add(
        "The policy of target "
            + target
            + " asks for a proven way back, and that of "
            + way.script()
            + " is not: "
            + way.reason()
            + "; give it an undo script that brings back structure and rows, or change"
            + " requireProvenRollback in the targets file");
  }

  public PolicyVerdict verdict() {
    return new PolicyVerdict(refused.isEmpty(), refused, accepted, unneeded(), asks());
  }

  private List<String> unneeded() {
    return acceptance.rules().stream()
        .distinct()
        .filter(rule -> !needed.contains(rule))
        .map(
            rule ->
                "acceptRisks names "
                    + rule
                    + " for nothing: "
                    + (seen.contains(rule)
                        ? "the policy of target " + target + " lets it pass"
                        : "no script was found to have it"))
        .toList();
  }

  private String asks() {
    Stream<String> back =
        policy.requireProvenRollback() ? Stream.of("requireProvenRollback") : Stream.empty();
    Stream<String> level =
        policy.refuseRisk().equals("none")
            ? Stream.empty()
            : Stream.of("refuseRisk: " + policy.refuseRisk());
    Stream<String> rules =
        policy.risks().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(one -> one.getKey() + ": " + one.getValue().key());
    return Stream.of(back, level, rules).flatMap(s -> s).collect(Collectors.joining(", "));
  }
}
