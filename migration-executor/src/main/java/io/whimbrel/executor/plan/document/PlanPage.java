package io.whimbrel.executor.plan.document;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.executor.drift.Drift;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.forecast.Forecast.Blocked;
import io.whimbrel.executor.impact.TableImpact;
import io.whimbrel.executor.plan.PlanProblem;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskLevel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plan as a page of Markdown that one would paste into a pull request. */
public record PlanPage(MigrationPlan plan) {
  private static final int SCRIPTS_TOLD = 50;

  public String markdown() {
    List<String> parts = new ArrayList<>();
    parts.add(title());
    parts.add(verdict());
    parts.add(figures());
    parts.add(section("What stands against it", problems()));
    parts.add(section("What is not known", unknown()));
    parts.add(section("Migrations", migrations()));
    parts.add(section("Tables", tables()));
    parts.add(section("Rules that the data will have to fit", demands()));
    parts.add(section("Drift", drift()));
    parts.add(section("Notes", Words.list(notes())));
    parts.add(section("Execute it", execute()));
    return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("\n"));
  }

  private static String section(String title, String body) {
    return body.isEmpty() ? "" : "## " + title + "\n\n" + body;
  }

  private String title() {
    return "# Plan for `%s`: %s\n"
        .formatted(plan.target(), Words.counted(plan.migrations().size(), "migration"));
  }

  private String verdict() {
    if (plan.executable()) {
      return plan.migrations().isEmpty() && plan.repairs().isEmpty()
          ? "Nothing is pending.\n"
          : "**A run of it would begin.** Nothing stands against it"
              + (plan.policy().asks().isEmpty() ? "" : ", and the policy lets it pass")
              + ".\n";
    }
    int reasons = plan.problems().size() + plan.policy().refused().size();
    return "**A run of it would be refused**, for " + Words.counted(reasons, "reason") + ".\n";
  }

  private String figures() {
    StringBuilder table = new StringBuilder("| | |\n|---|---|\n");
    row(table, "Plan", Words.code(plan.planId()));
    row(
        table,
        "Made",
        "%s by %s, in %s"
            .formatted(
                plan.createdAt(),
                Words.code(plan.createdBy()),
                Words.duration((double) plan.tookMs())));
    row(table, "Executable until", plan.validUntil() + ", if nothing changes before");
    row(table, "Asked for", asked());
    row(
        table,
        "Database",
        Words.code(plan.database().name())
            + (plan.database().version() == null
                ? ", nothing applied yet"
                : ", at version " + Words.code(plan.database().version())));
    row(table, "Risk", risk());
    if (plan.summary().duration() != null) {
      row(table, "Duration", Words.estimate(plan.summary().duration()));
    }
    Forecast.Block block = plan.summary().longestBlock();
    if (block != null) {
      row(
          table,
          "Longest block",
          "%s `%s`, %s"
              .formatted(
                  block.blocked() == Blocked.WRITES ? "writes to" : "reads and writes of",
                  block.table(),
                  Words.estimate(block.duration())));
    }
    if (!plan.summary().waysBack().isEmpty()) {
      row(table, "Way back", waysBack());
    }
    row(table, "Rehearsal", Words.text(plan.rehearsal().summary()));
    row(table, "Validation", validation());
    if (!plan.policy().asks().isEmpty()) {
      row(table, "Policy", Words.text(plan.policy().asks()));
    }
    return table.toString();
  }

  private static void row(StringBuilder table, String name, String value) {
    table.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }

  private String asked() {
    MigrationPlan.Wanted wanted = plan.wanted();
    if (wanted.migration() != null) {
      return Words.code(wanted.migration()) + " and what it depends on";
    }
    return wanted.upTo() == null ? "all that is pending" : "up to " + Words.code(wanted.upTo());
  }

  private String risk() {
    Map<RiskLevel, Integer> risks = plan.summary().risks();
    if (risks.isEmpty()) {
      return plan.rehearsal().failure() == null && plan.rehearsal().possible()
          ? "none found"
          : "not known, or not all of it";
    }
    return Stream.of(RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW)
        .filter(risks::containsKey)
        .map(level -> risks.get(level) + " " + level.word())
        .collect(Collectors.joining(", "));
  }

  private String waysBack() {
    return new EnumMap<WayBack.Verdict, Integer>(plan.summary().waysBack())
        .entrySet().stream()
            .map(way -> way.getValue() + " " + Words.words(way.getKey()))
            .collect(Collectors.joining(", "));
  }

  private String validation() {
    ValidationPlan validation = plan.validation();
    return "%s; %s"
        .formatted(
            validation.before()
                ? "before, on " + Words.counted(validation.tablesBefore().size(), "table")
                : "none before",
            validation.after()
                ? "after, on " + Words.counted(validation.tablesAfter().size(), "table")
                : "none after");
  }

  private String problems() {
    List<String> all = new ArrayList<>();
    for (PlanProblem problem : plan.problems()) {
      all.add(
          problem.message()
              + (problem.path().size() > 2 ? " (" + String.join(" → ", problem.path()) + ")" : ""));
    }
    all.addAll(plan.policy().refused());
    return Words.list(all);
  }

  private String unknown() {
    return plan.unknown().stream()
        .map(one -> "- " + Words.code(one.part()) + ": " + Words.text(one.reason()) + "\n")
        .collect(Collectors.joining());
  }

  private String migrations() {
    StringBuilder sections = new StringBuilder();
    for (int i = 0; i < Math.min(SCRIPTS_TOLD, plan.migrations().size()); i++) {
      sections.append(i == 0 ? "" : "\n");
      sections.append(new ScriptSection(i + 1, plan.migrations().get(i)).markdown());
    }
    List<PlannedScript> rest =
        plan.migrations()
            .subList(Math.min(SCRIPTS_TOLD, plan.migrations().size()), plan.migrations().size());
    if (!rest.isEmpty()) {
      sections
          .append("\nAnd ")
          .append(Words.counted(rest.size(), "more migration"))
          .append(", the last of them ")
          .append(Words.code(rest.get(rest.size() - 1).script()))
          .append("; the plan as JSON has them all.\n");
    }
    return sections.toString();
  }

  private String tables() {
    if (plan.impact() == null || plan.impact().tables().isEmpty()) {
      return plan.rehearsal().touched().isEmpty()
          ? ""
          : "Touched: " + Words.names(plan.rehearsal().touched()) + ".\n";
    }
    StringBuilder table = new StringBuilder();
    table.append("| table | rows | size | indexes | written rows/s | sessions on it |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (TableImpact one : plan.impact().tables()) {
      table.append(
          "| %s | %s%d | %s | %d (%s) | %.1f | %d |\n"
              .formatted(
                  Words.code(one.table()),
                  one.rows().exact() ? "" : "about ",
                  one.rows().count(),
                  Words.bytes(one.size().total()),
                  one.indexes().size(),
                  Words.bytes(one.size().indexes()),
                  one.writes().perSecond(),
                  one.sessions().size()));
    }
    return table.toString();
  }

  private String demands() {
    List<String> lines = new ArrayList<>();
    for (PlannedChange change : plan.validation().derived()) {
      lines.add(demand(change));
    }
    return Words.list(lines);
  }

  private static String demand(PlannedChange change) {
    String where = Words.code(change.table()) + " " + Words.names(change.columns());
    return switch (change.kind()) {
      case NOT_NULL -> where + ": a value in every row";
      case UNIQUE -> where + ": no two rows the same";
      case FOREIGN_KEY ->
          where + ": every row has its counterpart in " + Words.code(change.referencedTable());
      case TYPE -> where + ": every value as " + Words.code(change.newType());
    };
  }

  private String drift() {
    Drift drift = plan.drift();
    if (drift == null || drift.state() == Drift.State.NONE) {
      return "";
    }
    String objects = Words.list(drift.objects().stream().map(object -> object.summary()).toList());
    return Words.text(drift.reason())
        + "\n"
        + (objects.isEmpty() ? "" : "\n" + objects)
        + (drift.ddl().isBlank()
            ? ""
            : "\n<details><summary>As DDL</summary>\n\n"
                + Words.fenced(drift.ddl())
                + "\n</details>\n");
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    plan.repairs().forEach(repair -> notes.add(repair.sentence()));
    plan.policy().accepted().forEach(risk -> notes.add("Taken as a risk: " + risk));
    notes.addAll(plan.policy().unneeded());
    notes.addAll(plan.notes());
    return notes;
  }

  private String execute() {
    if (plan.migrations().isEmpty()) {
      return "";
    }
    return "A run that names this plan is refused if scripts, options or the target have changed"
        + " since:\n\n```json\nPOST /api/v1/migrations/execute\n"
        + new ExecuteBody(plan).json()
        + "\n```\n";
  }
}
