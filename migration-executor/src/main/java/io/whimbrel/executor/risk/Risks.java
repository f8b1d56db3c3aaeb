package io.whimbrel.executor.risk;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.RehearsalReport.Failure;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.risk.TargetTables.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The dangers of a plan, by the rules of the catalogue. */
public final class Risks {
  private static final String NEW_ENUM_VALUE = "55P04";
  private static final long SMALL_BYTES = 10L << 20;
  private static final long LARGE_BYTES = 1L << 30;

  private final RehearsalReport rehearsal;
  private final TargetTables known;

  private Risks(RehearsalReport rehearsal, TargetTables known) {
    this.rehearsal = rehearsal;
    this.known = known;
  }

  /**
   * Judges what a rehearsal saw.
   *
   * @param known of the tables of the target; an empty one makes no work and loses nothing
   * @return in the order of the statements
   */
  public static List<RiskFinding> of(RehearsalReport rehearsal, TargetTables known) {
    return new Risks(rehearsal, known).findings();
  }

  private List<RiskFinding> findings() {
    List<RiskFinding> findings = new ArrayList<>();
    for (ScriptFacts script : rehearsal.scripts()) {
      for (int i = 0; i < script.statements().size(); i++) {
        StatementFacts statement = script.statements().get(i);
        List<StatementFacts> before =
            statement.inTransaction() ? script.statements().subList(0, i) : List.of();
        findings.addAll(found(new Scene(script, statement, before, rehearsal.scripts())));
      }
    }
    Failure failure = rehearsal.failure();
    if (failure != null && failure.sqlState().equals(NEW_ENUM_VALUE)) {
      findings.add(enumValueUsed(failure));
    }
    return findings;
  }

  private List<RiskFinding> found(Scene scene) {
    List<RiskFinding> findings = new ArrayList<>();
    for (RiskRule rule : RiskRules.ALL) {
      for (Verdict verdict : rule.judge().judge(scene)) {
        level(rule, verdict).ifPresent(level -> findings.add(finding(rule, verdict, level, scene)));
      }
    }
    return findings;
  }

  /** Nothing, if the table has no rows and the danger is about rows. */
  private Optional<RiskLevel> level(RiskRule rule, Verdict verdict) {
    TableName table = verdict.onTarget();
    Size size = table == null ? null : known.size(table).orElse(null);
    if (use(verdict).isPresent()) {
      return Optional.of(RiskLevel.HIGH);
    }
    if (size == null) {
      return Optional.of(rule.level());
    }
    if (size.rows() == 0) {
      return rule.grows() ? Optional.empty() : Optional.of(RiskLevel.LOW);
    }
    return Optional.of(rule.grows() ? bySize(size.bytes()) : rule.level());
  }

  private static RiskLevel bySize(long bytes) {
    if (bytes < SMALL_BYTES) {
      return RiskLevel.LOW;
    }
    return bytes < LARGE_BYTES ? RiskLevel.MEDIUM : RiskLevel.HIGH;
  }

  private Optional<String> use(Verdict verdict) {
    TableName table = verdict.onTarget();
    String column = verdict.column();
    return table == null || column == null ? Optional.empty() : known.use(table, column);
  }

  private RiskFinding finding(RiskRule rule, Verdict verdict, RiskLevel level, Scene scene) {
    return new RiskFinding(
        rule.id(),
        level,
        scene.script().script(),
        scene.statement().line(),
        scene.statement().number(),
        verdict.table(),
        reason(verdict, scene),
        rule.remedy(),
        verdict.safer());
  }

  private String reason(Verdict verdict, Scene scene) {
    StringBuilder reason = new StringBuilder(verdict.what()).append(' ').append(verdict.table());
    TableName table = verdict.onTarget();
    if (table != null) {
      known.size(table).ifPresent(size -> reason.append(", ").append(Words.bytes(size.bytes())));
      scene
          .lock(table)
          .filter(LockMode::blocksWriters)
          .ifPresent(mode -> reason.append(", under ").append(mode.words()));
    }
    known
        .time(scene.script().script(), scene.statement().number())
        .ifPresent(time -> reason.append(", about ").append(Words.time(time)));
    use(verdict).ifPresent(use -> reason.append("; ").append(use));
    return reason.toString();
  }

  private static RiskFinding enumValueUsed(Failure failure) {
    RiskRule rule = RiskRules.ENUM_VALUE_USED;
    return new RiskFinding(
        rule.id(),
        rule.level(),
        failure.script(),
        failure.line(),
        failure.statement(),
        null,
        "uses an enum value in the transaction that adds it, which PostgreSQL refuses",
        rule.remedy(),
        null);
  }
}
