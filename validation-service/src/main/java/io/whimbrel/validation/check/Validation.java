package io.whimbrel.validation.check;

import io.micrometer.core.instrument.MeterRegistry;
import io.whimbrel.target.Target;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Look;
import io.whimbrel.validation.rule.Outcome;
import io.whimbrel.validation.rule.Rule;
import io.whimbrel.validation.rule.Rules;
import io.whimbrel.validation.rule.Scope;
import io.whimbrel.validation.rule.ScopeReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets every rule say what it wants looked at, and looks at all of it in one snapshot. */
@ApplicationScoped
public class Validation {
  private final CheckConfig config;
  private final StrictnessConfig strictness;
  private final MeterRegistry metrics;

  Validation(CheckConfig config, StrictnessConfig strictness, MeterRegistry metrics) {
    this.config = config;
    this.strictness = strictness;
    this.metrics = metrics;
  }

  /**
   * Looks.
   *
   * @throws SQLException if the target as a whole cannot be looked at now
   */
  public Report look(Target target, Subject subject) throws SQLException {
    long start = System.nanoTime();
    try (Snapshot snapshot = Snapshot.open(target, subject.id(), config)) {
      Scope scope = ScopeReader.named(snapshot.connection(), subject.touched());
      List<Inquiry> inquiries = new ArrayList<>();
      for (Rule rule : Rules.ALL) {
        inquiries.add(Inquiry.plan(snapshot.connection(), scope, config.mode(), rule));
      }
      List<Look> looks = inquiries.stream().flatMap(inquiry -> inquiry.looks().stream()).toList();
      Map<Look, Outcome> outcomes = new Inspection(snapshot, looks, config.connections()).run();
      List<RuleResult> results =
          inquiries.stream().map(inquiry -> inquiry.result(outcomes)).toList();
      results.forEach(this::record);
      return Report.of(
          subject, scope, results, since(start), config.mode(), strictness.strictMode());
    }
  }

  private void record(RuleResult result) {
    metrics
        .timer("whimbrel.validation.rule.duration", "rule", result.rule())
        .record(Duration.ofMillis(result.durationMs()));
    for (Finding finding : result.findings()) {
      metrics
          .counter(
              "whimbrel.validation.findings",
              "rule",
              result.rule(),
              "severity",
              finding.severity().name())
          .increment();
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
