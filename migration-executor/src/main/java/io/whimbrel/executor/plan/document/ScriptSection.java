package io.whimbrel.executor.plan.document;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.reversal.Loss;
import io.whimbrel.executor.reversal.ShippedUndo;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskFinding;
import io.whimbrel.executor.schema.StructureDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a plan says of one migration, as Markdown. */
record ScriptSection(int number, PlannedScript script) {
  private static final int STATEMENTS = 20;
  private static final int WORDS = 8;

  String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("### ").append(number).append(". ").append(Words.code(script.script()));
    page.append("\n\n").append(kind()).append("\n");
    if (script.forecast() != null) {
      page.append("\nDuration: ").append(Words.estimate(script.forecast().duration()));
      page.append(".\n");
    }
    page.append(risks());
    page.append(statements());
    if (script.wayBack() != null) {
      page.append(wayBack(script.wayBack()));
    }
    return page.toString();
  }

  private String kind() {
    List<String> words = new ArrayList<>();
    words.add(Words.counted(script.statementCount(), "statement"));
    words.add(
        script.batched()
            ? "a data migration in batches, each in a transaction of its own"
            : script.transactional()
                ? "all in one transaction"
                : "statement by statement, as PostgreSQL refuses one of them in a transaction");
    if (script.version() == null) {
      words.add("repeatable: runs again whenever it changes");
    }
    if (!script.dependsOn().isEmpty()) {
      words.add("depends on " + Words.names(script.dependsOn()));
    }
    String text = String.join("; ", words);
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }

  private String risks() {
    StringBuilder page = new StringBuilder();
    for (RiskFinding risk : script.risks()) {
      page.append("\n- **")
          .append(risk.level().word().toUpperCase(Locale.ROOT))
          .append("** ")
          .append(Words.code(risk.rule()))
          .append(", line ")
          .append(risk.line())
          .append(": ")
          .append(Words.text(risk.reason()))
          .append(". ")
          .append(Words.text(risk.remedy()))
          .append("\n");
      if (risk.safer() != null) {
        page.append("  <details><summary>A safer script</summary>\n\n")
            .append(Words.fenced(risk.safer()))
            .append("\n  </details>\n");
      }
    }
    return page.toString();
  }

  private String statements() {
    List<StatementFacts> telling = script.statements().stream().filter(this::tells).toList();
    if (telling.isEmpty()) {
      return "";
    }
    String rows = telling.stream().limit(STATEMENTS).map(this::row).collect(Collectors.joining());
    int more = telling.size() - STATEMENTS;
    return "\n| line | statement | blocks | does |\n|---|---|---|---|\n"
        + rows
        + (more > 0 ? "\nAnd " + Words.counted(more, "more statement") + ".\n" : "");
  }

  private boolean tells(StatementFacts facts) {
    return !blocks(facts).isEmpty() || !does(facts).isEmpty();
  }

  private String row(StatementFacts facts) {
    return "| %d | %s%s | %s | %s |\n"
        .formatted(
            facts.line(),
            Words.text(facts.command()),
            facts.count() > 1 ? " and " + (facts.count() - 1) + " more like it" : "",
            blocks(facts),
            does(facts));
  }

  private static String blocks(StatementFacts facts) {
    if (!facts.locksSeen()) {
      return "not seen: it runs outside a transaction";
    }
    Map<TableName, LockMode> strongest = new TreeMap<>();
    for (LockTaken lock : facts.locks()) {
      if (lock.mode().blocksWriters()) {
        strongest.merge(lock.table(), lock.mode(), (a, b) -> a.compareTo(b) > 0 ? a : b);
      }
    }
    return strongest.entrySet().stream()
        .map(
            lock ->
                (lock.getValue().blocksReaders() ? "reads and writes of " : "writes to ")
                    + Words.code(lock.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static String does(StatementFacts facts) {
    List<String> words = new ArrayList<>();
    facts
        .work()
        .forEach(
            work ->
                words.add(
                    switch (work.kind()) {
                      case REWRITE -> "rewrites " + Words.code(work.table());
                      case SCAN -> "reads all of " + Words.code(work.table());
                      case INDEX_BUILD ->
                          "builds an index on " + Words.code(work.table()) + of(work.what());
                      case VALIDATION ->
                          "checks every row of " + Words.code(work.table()) + of(work.what());
                    }));
    facts.truncated().forEach(table -> words.add("empties " + Words.code(table)));
    facts
        .writes()
        .forEach(
            write -> words.add(Words.text(write.command()) + " on " + Words.code(write.table())));
    words.addAll(ChangedObjects.words(facts.changes()));
    List<String> told = words.stream().distinct().toList();
    int more = told.size() - WORDS;
    return told.stream().limit(WORDS).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + Words.counted(more, "more change") : "");
  }

  private static String of(@Nullable String what) {
    return what == null ? "" : " (" + Words.code(what) + ")";
  }

  private static String wayBack(WayBack way) {
    StringBuilder page = new StringBuilder("\nWay back: ");
    page.append(
        switch (way.verdict()) {
          case PROVEN -> "**proven**";
          case STRUCTURE_ONLY -> "**proven for the structure alone**";
          case NOT_PROVEN -> "**not proven**";
          case LOSES_DATA -> "**loses data**";
          case NOT_LOOKED_AT -> "**not looked at**";
        });
    page.append(
        switch (way.source()) {
          case UNDO_SCRIPT -> ", by its undo script";
          case DERIVED -> ", by a derived script";
          case NONE -> "";
        });
    page.append(way.reason().isEmpty() ? "." : ". " + Words.text(way.reason())).append("\n");
    if (!way.losses().isEmpty()) {
      page.append("\nNo undo brings back ")
          .append(Words.names(way.losses().stream().map(Loss::name).toList()))
          .append("; the backup of the run holds what was in there.\n");
    }
    ShippedUndo shipped = way.shipped();
    if (shipped != null && shipped.wrong()) {
      page.append("\nIts undo script ")
          .append(Words.code(shipped.script()))
          .append(" is **wrong**. ")
          .append(Words.text(shipped.reason()))
          .append("\n");
      page.append(Words.list(summaries(shipped.differences())));
    }
    page.append(Words.list(summaries(way.differences())));
    page.append(Words.list(way.notes()));
    if (way.sql() != null && !way.sql().isBlank()) {
      page.append("\n<details><summary>Derived undo</summary>\n\n")
          .append(Words.fenced(way.sql()))
          .append("\n</details>\n");
    }
    return page.toString();
  }

  private static List<String> summaries(List<StructureDifference> differences) {
    return differences.stream().map(StructureDifference::summary).toList();
  }
}
