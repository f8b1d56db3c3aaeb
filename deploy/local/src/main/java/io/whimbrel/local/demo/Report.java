package io.whimbrel.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of the runs. */
final class Report {

  private final List<Line> lines = new ArrayList<>();

  private record Line(Scene scene, JsonNode run) {

    boolean asExpected() {
      return scene.end().equals(run.path("state").asText());
    }

    long rows() {
      long rows = 0;
      for (JsonNode migration : run.path("migrations")) {
        rows += migration.path("rows").asLong();
      }
      return rows;
    }
  }

  void add(Scene scene, JsonNode run) {
    lines.add(new Line(scene, run));
  }

  boolean allAsExpected() {
    return lines.stream().allMatch(Line::asExpected);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(row("RUN", "STATE", "AS EXPECTED", "SCRIPTS", "ROWS", "TIME", "REMARK"));
    for (Line line : lines) {
      text.append(
          row(
              line.scene().title(),
              line.run().path("state").asText(),
              line.asExpected() ? "yes" : "no",
              Integer.toString(line.run().path("migrations").size()),
              Figures.number(line.rows()),
              Figures.seconds(line.run().path("durationMs").asDouble() / 1000),
              remark(line.run())));
    }
    return text.toString();
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-34s %-12s %-11s %8s %11s %11s  %s%n", cells)
        .replaceAll(" +(?=\\R)", "");
  }

  /** Why it was taken back, why it failed, or what was backed up. */
  private static String remark(JsonNode run) {
    List<String> parts = new ArrayList<>();
    JsonNode after = run.path("validation").path("after");
    if (after.isObject() && !after.path("valid").asBoolean()) {
      parts.add(findings(after));
    }
    JsonNode rollback = run.path("rollback");
    if (rollback.hasNonNull("strategy")) {
      String strategy = rollback.path("strategy").asText().toLowerCase(Locale.ROOT);
      parts.add("taken back by " + strategy);
    }
    if (parts.isEmpty() && run.path("error").hasNonNull("message")) {
      parts.add(run.path("error").path("message").asText());
    }
    JsonNode backup = run.path("backup");
    if (parts.isEmpty() && backup.path("tables").asInt() > 0) {
      parts.add(
          "backup of "
              + Figures.counted(backup.path("rows").asLong(), "row")
              + " in "
              + Figures.counted(backup.path("tables").asLong(), "table"));
    }
    return String.join("; ", parts);
  }

  private static String findings(JsonNode validation) {
    List<String> found = new ArrayList<>();
    for (JsonNode finding : validation.path("findings")) {
      found.add(finding.path("rule").asText() + " on " + table(finding.path("table")));
    }
    return found.isEmpty() ? "validation failed" : found.get(0);
  }

  private static String table(JsonNode table) {
    return table.isObject() ? table.path("name").asText() : table.asText();
  }
}
