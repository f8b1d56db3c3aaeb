package io.whimbrel.executor.plan.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.RiskRuleName;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskFinding;
import io.whimbrel.executor.risk.RiskLevel;
import io.whimbrel.executor.risk.RiskRule;
import io.whimbrel.executor.risk.RiskRules;
import io.whimbrel.target.Policy;
import io.whimbrel.target.RiskTreatment;
import io.whimbrel.target.Throttle;
import io.whimbrel.target.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyJudgeTest {
  private static final String RULE = "column-dropped";

  /** Without a word on the rule, the level decides, and naming it is enough for anybody. */
  @ParameterizedTest(name = "refuseRisk {0}, risk {1}: refused {2}")
  @CsvSource({
    "none,   LOW,    false",
    "none,   MEDIUM, false",
    "none,   HIGH,   false",
    "low,    LOW,    true",
    "low,    MEDIUM, true",
    "low,    HIGH,   true",
    "medium, LOW,    false",
    "medium, MEDIUM, true",
    "medium, HIGH,   true",
    "high,   LOW,    false",
    "high,   MEDIUM, false",
    "high,   HIGH,   true"
  })
  void theLevelDecides(String refuseRisk, RiskLevel level, boolean refused) {
    Policy policy = policy(refuseRisk, null);
    for (boolean superAdmin : new boolean[] {false, true}) {
      PolicyVerdict plain = judged(policy, level, superAdmin);
      assertThat(plain.allowed()).isEqualTo(!refused);
      assertThat(plain.refused()).hasSize(refused ? 1 : 0);
      assertThat(plain.accepted()).isEmpty();
      assertThat(plain.unneeded()).isEmpty();

      PolicyVerdict named = judged(policy, level, superAdmin, RULE);
      assertThat(named.allowed()).isTrue();
      assertThat(named.accepted()).hasSize(refused ? 1 : 0);
      assertThat(named.unneeded()).hasSize(refused ? 0 : 1);
    }
  }

  /** What the policy says of the rule counts, whatever the level. */
  @ParameterizedTest(name = "{0}, named {1}, super-admin {2}: {3}")
  @CsvSource({
    "WARN,       false, false, PASSES",
    "WARN,       false, true,  PASSES",
    "WARN,       true,  false, FOR_NOTHING",
    "WARN,       true,  true,  FOR_NOTHING",
    "REFUSE,     false, false, REFUSED",
    "REFUSE,     false, true,  REFUSED",
    "REFUSE,     true,  false, ACCEPTED",
    "REFUSE,     true,  true,  ACCEPTED",
    "SUPERADMIN, false, false, REFUSED",
    "SUPERADMIN, false, true,  REFUSED",
    "SUPERADMIN, true,  false, REFUSED",
    "SUPERADMIN, true,  true,  ACCEPTED"
  })
  void theRuleDecides(RiskTreatment treatment, boolean named, boolean superAdmin, Outcome outcome) {
    for (String refuseRisk : List.of("none", "low", "medium", "high")) {
      for (RiskLevel level : RiskLevel.values()) {
        Policy policy = policy(refuseRisk, treatment);
        PolicyVerdict verdict =
            named ? judged(policy, level, superAdmin, RULE) : judged(policy, level, superAdmin);
        assertThat(outcome(verdict)).as("%s %s", refuseRisk, level).isEqualTo(outcome);
      }
    }
  }

  private enum Outcome {
    PASSES,
    FOR_NOTHING,
    REFUSED,
    ACCEPTED
  }

  private static Outcome outcome(PolicyVerdict verdict) {
    assertThat(verdict.allowed()).isEqualTo(verdict.refused().isEmpty());
    assertThat(verdict.refused().size() + verdict.accepted().size() + verdict.unneeded().size())
        .isLessThanOrEqualTo(1);
    return !verdict.refused().isEmpty()
        ? Outcome.REFUSED
        : !verdict.accepted().isEmpty()
            ? Outcome.ACCEPTED
            : verdict.unneeded().isEmpty() ? Outcome.PASSES : Outcome.FOR_NOTHING;
  }

  @Test
  void aRefusalNamesTargetRuleLevelPlaceAndRemedy() {
    assertThat(judged(policy("none", RiskTreatment.REFUSE), RiskLevel.LOW, false).refused())
        .containsExactly(
            "The policy of target orders refuses the risk column-dropped (low, V1__a.sql line 3);"
                + " change the script, or take the risk by naming it under acceptRisks");
    assertThat(
            judged(policy("none", RiskTreatment.SUPERADMIN), RiskLevel.LOW, false, RULE).refused())
        .containsExactly(
            "The policy of target orders refuses the risk column-dropped (low, V1__a.sql line 3);"
                + " change the script, or let a super-admin take the risk by naming it under"
                + " acceptRisks; a super-admin has to ask, through the gateway");
  }

  @Test
  void whatIsNamedForNothingIsSaidWithTheReason() {
    PolicyVerdict verdict =
        judged(policy("high", null), RiskLevel.LOW, false, RULE, "json-column", RULE);
    assertThat(verdict.unneeded())
        .containsExactly(
            "acceptRisks names column-dropped for nothing: the policy of target orders lets it"
                + " pass",
            "acceptRisks names json-column for nothing: no script was found to have it");
  }

  @Test
  void oneRuleIsJudgedOnceForAllItsPlacesOfOneTreatment() {
    PolicyJudge judge = judge(policy("medium", null), false);
    judge.risks(
        Stream.of(RiskLevel.HIGH, RiskLevel.LOW, RiskLevel.MEDIUM)
            .map(PolicyJudgeTest::finding)
            .toList());
    assertThat(judge.verdict().refused()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"low", "medium", "high"})
  void scriptsThatNobodyRehearsedAreAHighRiskThatCanBeTaken(String refuseRisk) {
    assertThat(judge(policy(refuseRisk, null), false).notRehearsed("why").verdict().allowed())
        .isFalse();
    assertThat(
            judge(policy(refuseRisk, null), false, PolicyJudge.NOT_REHEARSED)
                .notRehearsed("why")
                .verdict()
                .accepted())
        .containsExactly("not-rehearsed (high, why)");
    assertThat(judge(policy("none", null), false).notRehearsed("why").verdict().allowed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(WayBack.Verdict.class)
  void onlyAProvenWayBackIsOneAndNobodyCanWaiveThat(WayBack.Verdict verdict) {
    var way =
        new WayBack(
            "V1__a.sql",
            "1",
            WayBack.Source.DERIVED,
            verdict,
            "because",
            List.of(),
            List.of(),
            List.of(),
            null,
            null);
    var asks =
        new Policy(true, "none", Map.of(), Duration.ofHours(1), Timeouts.DEFAULT, Throttle.DEFAULT);
    boolean proven = verdict == WayBack.Verdict.PROVEN;
    String[] all = RiskRuleName.ALL.toArray(String[]::new);
    PolicyVerdict judged = judge(asks, true, all).waysBack(List.of(way)).verdict();
    assertThat(judged.allowed()).isEqualTo(proven);
    if (!proven) {
      assertThat(judged.refused().get(0)).contains("V1__a.sql is not: because");
    }
    assertThat(judge(policy("high", null), false).waysBack(List.of(way)).verdict().allowed())
        .isTrue();
  }

  @Test
  void whatThePolicyAsksForIsSaid() {
    assertThat(judge(policy("none", null), false).verdict().asks()).isEmpty();
    assertThat(judge(policy("high", RiskTreatment.WARN), false).verdict().asks())
        .isEqualTo("refuseRisk: high, column-dropped: warn");
  }

  @Test
  void theNamesThatRequestsMayUseAreThoseOfTheCatalogue() {
    assertThat(RiskRuleName.ALL)
        .isSorted()
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    RiskRules.ALL.stream().map(RiskRule::id), Stream.of(PolicyJudge.NOT_REHEARSED))
                .toList());
    assertThat(RiskRuleName.complaint("acceptRisks", RiskRuleName.ALL)).isEmpty();
    assertThat(RiskRuleName.complaint("acceptRisks", List.of(RULE, "drop-column")).orElseThrow())
        .startsWith("Name 2 under acceptRisks is not that of a risk; use those that the plan gives")
        .contains(RULE)
        .doesNotContain("drop-column");
  }

  private static Policy policy(String refuseRisk, @Nullable RiskTreatment own) {
    return new Policy(
        false,
        refuseRisk,
        own == null ? Map.of() : Map.of(RULE, own),
        Duration.ofHours(1),
        Timeouts.DEFAULT,
        Throttle.DEFAULT);
  }

  private static PolicyJudge judge(Policy policy, boolean superAdmin, String... named) {
    return new PolicyJudge("orders", policy, new Acceptance(List.of(named), superAdmin));
  }

  private static PolicyVerdict judged(
      Policy policy, RiskLevel level, boolean superAdmin, String... named) {
    return judge(policy, superAdmin, named).risks(List.of(finding(level))).verdict();
  }

  private static RiskFinding finding(RiskLevel level) {
    return new RiskFinding(
        RULE, level, "V1__a.sql", 3, 1, null, level.word().toLowerCase(Locale.ROOT), "", null);
  }
}
