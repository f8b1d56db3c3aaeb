package io.whimbrel.validation.check;

import io.micrometer.core.instrument.MeterRegistry;
import io.whimbrel.target.Target;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Rule;
import io.whimbrel.validation.rule.RuleContext;
import io.whimbrel.validation.rule.Rules;
import io.whimbrel.validation.rule.Scope;
import io.whimbrel.validation.rule.ScopeReader;
import io.whimbrel.validation.rule.SqlStates;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lets every rule look at the tables of a run, one after the other, in one snapshot. */
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
    try (Snapshot snapshot = Snapshot.open(target, subject.runId(), config)) {
      Scope scope = ScopeReader.named(snapshot.connection(), subject.touched());
      List<RuleResult> results = new ArrayList<>();
      for (Rule rule : Rules.ALL) {
        RuleResult result = look(snapshot.connection(), scope, rule);
        record(result);
        results.add(result);
      }
      return Report.of(
          subject, scope, results, since(start), config.mode(), strictness.strictMode());
    }
  }

  private RuleResult look(Connection connection, Scope scope, Rule rule) throws SQLException {
    long start = System.nanoTime();
    RuleContext context = new RuleContext(connection, scope, config.mode());
    Savepoint before = connection.setSavepoint();
    try {
      List<Finding> findings = rule.check(context);
      connection.releaseSavepoint(before);
      return RuleResult.of(rule.id(), context.looks(), since(start), findings, context.obstacles());
    } catch (SQLException e) {
      if (SqlStates.passing(e)) {
        throw e;
      }
      connection.rollback(before);
      return RuleResult.failed(
          rule.id(), since(start), "the look failed with SQLSTATE " + SqlStates.of(e));
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
