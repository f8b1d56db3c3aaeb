package io.whimbrel.executor.impact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.StatementImpact.DataChange;
import io.whimbrel.executor.impact.StatementImpact.PlanStep;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks PostgreSQL how it would carry a change of rows out. Nothing is carried out: EXPLAIN without
 * ANALYZE plans, in a transaction that could not write either. Planning takes the lock of the
 * statement itself, ROW EXCLUSIVE, which keeps no one from reading or writing; it waits for it no
 * longer than for any other, and gives it back at once.
 */
final class Explanations {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STEPS = 50;

  private Explanations() {}

  /** Empty if the plan changes no rows. */
  static Optional<DataChange> explain(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet row = statement.executeQuery("explain (format json, verbose, costs) " + sql)) {
        return row.next() ? read(row.getString(1)) : Optional.empty();
      }
    }
  }

  private static Optional<DataChange> read(String json) {
    try {
      for (JsonNode plan : JSON.readTree(json)) {
        JsonNode change = change(plan.path("Plan"));
        if (change != null) {
          return Optional.of(of(change));
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plan that is not JSON", e);
    }
  }

  private static @Nullable JsonNode change(JsonNode node) {
    if (node.path("Node Type").asText().equals("ModifyTable")) {
      return node;
    }
    for (JsonNode child : node.path("Plans")) {
      JsonNode found = change(child);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static DataChange of(JsonNode change) {
    JsonNode source = change.path("Plans").path(0);
    List<PlanStep> steps = new ArrayList<>();
    steps(change, 0, steps);
    return new DataChange(
        change.path("Operation").asText().toUpperCase(Locale.ROOT),
        new TableName(change.path("Schema").asText(), change.path("Relation Name").asText()),
        source.path("Plan Rows").asLong(),
        source.path("Total Cost").asDouble(),
        steps);
  }

  private static void steps(JsonNode node, int depth, List<PlanStep> steps) {
    if (steps.size() == STEPS) {
      return;
    }
    TableName relation =
        node.has("Relation Name")
            ? new TableName(node.path("Schema").asText(), node.path("Relation Name").asText())
            : null;
    steps.add(
        new PlanStep(
            depth, node.path("Node Type").asText(), relation, node.path("Plan Rows").asLong()));
    for (JsonNode child : node.path("Plans")) {
      steps(child, depth + 1, steps);
    }
  }
}
