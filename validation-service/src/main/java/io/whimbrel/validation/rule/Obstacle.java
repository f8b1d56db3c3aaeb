package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import java.sql.SQLException;

/**
 * Why a rule could not look at a table. It repeats nothing of PostgreSQL's message, which may quote
 * values.
 *
 * @param failed whether the look failed, rather than being impossible from the start
 */
public record Obstacle(TableName table, boolean failed, String reason) {

  static Obstacle of(TableName table, SQLException cause) {
    String state = SqlStates.of(cause);
    return switch (state) {
      case SqlStates.INSUFFICIENT_PRIVILEGE ->
          new Obstacle(
              table,
              false,
              "no right to read every row that the look at " + table + " needs (42501)");
      case SqlStates.UNDEFINED_TABLE, SqlStates.UNDEFINED_COLUMN, SqlStates.INVALID_SCHEMA_NAME ->
          new Obstacle(table, false, table + " was dropped or altered meanwhile (" + state + ")");
      case SqlStates.QUERY_CANCELED ->
          new Obstacle(table, true, "looking at " + table + " took longer than allowed (57014)");
      default ->
          new Obstacle(table, true, "looking at " + table + " failed with SQLSTATE " + state);
    };
  }
}
