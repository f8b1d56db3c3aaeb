package io.whimbrel.executor.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;

/** What PostgreSQL would do for a batch, asked before the first one; nothing is run by it. */
final class BatchedStatementPlan {

  private static final ObjectMapper JSON = new ObjectMapper();

  private BatchedStatementPlan() {}

  /**
   * Whether the statement adds rows to the table that its batches go along. It would meet them
   * again behind its last batch, without end.
   *
   * @throws SQLException as the statement itself would, if it cannot be planned
   */
  static boolean addsToItsTable(Connection connection, String sql, String table)
      throws SQLException {
    String plan = Sql.text(connection, "explain (verbose, format json) " + sql);
    try {
      for (JsonNode node : JSON.readTree(plan).findParents("Operation")) {
        String changed = "select format('%I.%I', ?::text, ?::text) = ?";
        if (node.path("Operation").asText().matches("Insert|Merge")
            && "t"
                .equals(
                    Sql.text(
                        connection,
                        changed,
                        node.path("Schema").asText(),
                        node.path("Relation Name").asText(),
                        table))) {
          return true;
        }
      }
      return false;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plan that is not JSON", e);
    }
  }
}
