package io.whimbrel.validation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Mode;
import io.whimbrel.validation.rule.Obstacle;
import io.whimbrel.validation.rule.Rule;
import io.whimbrel.validation.rule.Rules;
import io.whimbrel.validation.rule.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final TableName TABLE = new TableName("public", "orders");
  private static final Obstacle NO_RIGHT = new Obstacle(TABLE, false, "no right");
  private static final Obstacle BROKEN = new Obstacle(TABLE, true, "broken");
  private static final UUID RUN = UUID.randomUUID();
  private static final Subject SUBJECT =
      new Subject(UUID.randomUUID(), RUN, Phase.AFTER, "orders", List.of(TABLE));

  @Test
  void aRuleHasPassedOnlyIfNothingWasFoundAndNothingStoodInTheWay() {
    assertThat(rule(List.of()).status()).isEqualTo(Status.PASSED);
    assertThat(rule(List.of(), NO_RIGHT).status()).isEqualTo(Status.SKIPPED);
    assertThat(rule(List.of(), BROKEN).status()).isEqualTo(Status.ERROR);
    assertThat(rule(List.of(finding(Severity.WARNING))).status()).isEqualTo(Status.WARNING);
    assertThat(rule(List.of(finding(Severity.WARNING)), BROKEN).status()).isEqualTo(Status.ERROR);
    assertThat(rule(List.of(finding(Severity.ERROR)), BROKEN).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void warningsAndSkippedRulesLetARunGoOnUnlessStrict() {
    RuleResult warning = rule(List.of(finding(Severity.WARNING)));
    RuleResult skipped = rule(List.of(), NO_RIGHT);
    assertThat(report(false, warning, skipped).valid()).isTrue();
    assertThat(report(true, warning).valid()).isFalse();
    assertThat(report(true, skipped).valid()).isFalse();
    assertThat(report(true, rule(List.of())).valid()).isTrue();
  }

  @Test
  void errorsAndRulesThatCouldNotLookStopARun() {
    assertThat(report(false, rule(List.of(finding(Severity.ERROR)))).valid()).isFalse();
    Report report = report(false, rule(List.of()), rule(List.of(), BROKEN));
    assertThat(report.valid()).isFalse();
    assertThat(report.error()).isEqualTo("some_rule: broken");
  }

  @Test
  void theSummaryCountsRulesByWhatCameOfThem() {
    Report report =
        report(
            false,
            rule(List.of()),
            rule(List.of(finding(Severity.ERROR))),
            rule(List.of(finding(Severity.WARNING))),
            rule(List.of(), NO_RIGHT),
            rule(List.of(), BROKEN));
    assertThat(report.summary()).isEqualTo(new Summary(5, 1, 0, 1, 1, 1, 1, 7));
  }

  @Test
  void theAnswerNamesTheWorstFindingsFirstAndCountsAll() {
    List<Finding> warnings = Stream.generate(() -> finding(Severity.WARNING)).limit(30).toList();
    ValidationCompleted answer =
        Answer.of(report(false, rule(warnings), rule(List.of(finding(Severity.ERROR)), NO_RIGHT)));
    assertThat(answer.valid()).isFalse();
    assertThat(answer.counts())
        .isEqualTo(Map.of(Severity.ERROR, 1L, Severity.WARNING, 30L, Severity.INFO, 1L));
    assertThat(answer.findings()).hasSize(20);
    assertThat(answer.findings().get(0).severity()).isEqualTo(Severity.ERROR);
    assertThat(answer.findings().get(0).table()).isEqualTo("public.orders");
  }

  @Test
  void theSameQuestionHasTheSameAnswerId() {
    UUID id = Answer.eventId(report(false));
    assertThat(Answer.eventId(Report.failed(SUBJECT, "gone"))).isEqualTo(id);
    Subject before = new Subject(SUBJECT.id(), RUN, Phase.BEFORE, "orders", List.of(TABLE));
    assertThat(Answer.eventId(Report.failed(before, "gone"))).isNotEqualTo(id);
  }

  @Test
  void whatWasNotLookedAtIsSaid() {
    ValidationCompleted off = Answer.of(Report.switchedOff(SUBJECT, "nothing was checked"));
    assertThat(off.valid()).isTrue();
    assertThat(off.findings().get(0).message()).isEqualTo("nothing was checked");
    ValidationCompleted gone = Answer.of(Report.failed(SUBJECT, "target is away"));
    assertThat(gone.valid()).isFalse();
    assertThat(gone.error()).isEqualTo("target is away");
  }

  private static Finding finding(Severity severity) {
    return new Finding(severity, TABLE, "a_check", 3, "3 rows", List.of(), null);
  }

  private static RuleResult rule(List<Finding> findings, Obstacle... obstacles) {
    return RuleResult.of("some_rule", 1, 0, Duration.ofMillis(2), findings, List.of(obstacles));
  }

  private static Report report(boolean strict, RuleResult... results) {
    return Report.of(
        SUBJECT,
        new Scope(List.of(), List.of()),
        List.of(results),
        Rules.ALL.stream().map(Rule::description).toList(),
        Duration.ofMillis(7),
        Mode.QUICK,
        strict);
  }
}
