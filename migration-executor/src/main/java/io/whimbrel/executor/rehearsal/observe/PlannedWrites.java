package io.whimbrel.executor.rehearsal.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.rehearsal.facts.Write;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The tables whose rows a statement is after, from PostgreSQL's plan for it. */
final class PlannedWrites {
  private static final Set<String> PLANNED = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlannedWrites() {}

  static boolean appliesTo(String command) {
    return PLANNED.contains(command);
  }

  /** In a savepoint, as a statement that has run once need not be plannable again. */
  static List<Write> of(Connection connection, Statement statement, Names names)
      throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    Set<Write> writes = new LinkedHashSet<>();
    try (java.sql.Statement explain = connection.createStatement()) {
      explain.setEscapeProcessing(false);
      try (ResultSet row =
          explain.executeQuery("EXPLAIN (VERBOSE, FORMAT JSON) " + statement.sql())) {
        while (row.next()) {
          collect(JSON.readTree(row.getString(1)), names, writes);
        }
      }
    } catch (SQLException | JsonProcessingException e) {
      connection.rollback(savepoint);
    }
    connection.releaseSavepoint(savepoint);
    return List.copyOf(writes);
  }

  private static void collect(JsonNode node, Names names, Set<Write> into) {
    if (node.path("Node Type").asText().equals("ModifyTable")) {
      var table = new TableName(node.path("Schema").asText(), node.path("Relation Name").asText());
      into.add(
          new Write(
              table,
              names.onTarget(table),
              node.path("Operation").asText().toUpperCase(Locale.ROOT)));
    }
    node.forEach(child -> collect(child, names, into));
  }
}
