package io.whimbrel.validation.check;

import io.micrometer.core.instrument.MeterRegistry;
import io.whimbrel.event.Phase;
import io.whimbrel.target.Target;
import io.whimbrel.validation.declared.RuleFiles;
import io.whimbrel.validation.plugin.Plugin;
import io.whimbrel.validation.report.Reach;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.rule.Declared;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Look;
import io.whimbrel.validation.rule.Memory;
import io.whimbrel.validation.rule.Mode;
import io.whimbrel.validation.rule.Occasion;
import io.whimbrel.validation.rule.Outcome;
import io.whimbrel.validation.rule.Reading;
import io.whimbrel.validation.rule.Rule;
import io.whimbrel.validation.rule.RuleDescription;
import io.whimbrel.validation.rule.Rules;
import io.whimbrel.validation.rule.Sampling;
import io.whimbrel.validation.rule.Scope;
import io.whimbrel.validation.rule.ScopeReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Lets every rule say what it wants looked at, and looks at all of it in one snapshot. */
@ApplicationScoped
public class Validation {
  /** Stands for the rules that a file with a mistake may have declared. */
  private static final String FILES = "rules_files";

  private final CheckConfig config;
  private final StrictnessConfig strictness;
  private final PluginLooks plugins;
  private final MeterRegistry metrics;

  public Validation(
      CheckConfig config, StrictnessConfig strictness, PluginLooks plugins, MeterRegistry metrics) {
    this.config = config;
    this.strictness = strictness;
    this.plugins = plugins;
    this.metrics = metrics;
  }

  /** Looks, with nothing to compare with. */
  public Report look(Target target, Subject subject) throws SQLException {
    return look(target, subject, Memory.none(), new Progress());
  }

  /**
   * Looks.
   *
   * @param memory of what it is compared with; it takes the notes of this look
   * @param progress is told how far it is
   * @throws SQLException if the target as a whole cannot be looked at now
   */
  public Report look(Target target, Subject subject, Memory memory, Progress progress)
      throws SQLException {
    long start = System.nanoTime();
    RuleFiles.Read files = RuleFiles.of(target.catalog());
    Declared declared = new Declared(files.declarations(), target.schemas());
    Occasion occasion = new Occasion(subject.phase(), subject.planned(), memory);
    Wish wish = subject.wish();
    Mode mode = Objects.requireNonNullElse(wish.mode(), config.mode());
    Predicate<RuleDescription> wanted = wanted(subject);
    List<Plugin> others = plugins.wanted(subject, wanted);
    try (Snapshot snapshot = Snapshot.open(target, subject.id(), config)) {
      Scope scope = scope(snapshot.connection(), subject);
      List<Inquiry> inquiries = new ArrayList<>();
      for (Rule rule : Rules.ALL) {
        if (!wanted.test(rule.description())) {
          continue;
        }
        Inquiry inquiry =
            Inquiry.plan(snapshot.connection(), scope, mode, declared, occasion, rule);
        inquiries.add(wish.scope() == Reach.TABLES ? inquiry.ofTouched() : inquiry);
      }
      List<Look> looks = inquiries.stream().flatMap(inquiry -> inquiry.looks().stream()).toList();
      Sampling sampling =
          mode == Mode.SAMPLE ? new Sampling(config.sampleAbove(), config.sampleRows()) : null;
      List<Reading> readings = Reading.of(looks, sampling);
      progress.planned(inquiries.stream().map(Inquiry::looks).toList(), others.size(), readings);
      Map<Look, Outcome> outcomes =
          new Inspection(snapshot, readings, progress, config.readers()).run();
      List<RuleResult> results = new ArrayList<>();
      inquiries.forEach(inquiry -> results.add(inquiry.result(outcomes)));
      results.addAll(plugins.run(others, snapshot, scope, subject, progress));
      results.addAll(plugins.faults(subject, categories(subject)));
      files
          .problems()
          .forEach(problem -> results.add(RuleResult.failed(FILES, Duration.ZERO, problem)));
      results.forEach(this::record);
      boolean strict = Objects.requireNonNullElse(wish.strict(), strictness.strictMode());
      return Report.of(subject, scope, results, plugins.catalogue(), since(start), mode, strict);
    }
  }

  private static Scope scope(Connection connection, Subject subject) throws SQLException {
    return switch (subject.wish().scope()) {
      case TOUCHED, TABLES -> ScopeReader.named(connection, subject.touched());
      case DATABASE -> ScopeReader.database(connection);
    };
  }

  private Predicate<RuleDescription> wanted(Subject subject) {
    List<String> rules = subject.wish().rules();
    List<String> categories = categories(subject);
    return rule ->
        (rules.isEmpty() || rules.contains(rule.id()))
            && (categories.isEmpty() || categories.contains(rule.category().id()));
  }

  private List<String> categories(Subject subject) {
    return subject.phase() == Phase.TARGETED ? subject.wish().categories() : config.categories();
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
