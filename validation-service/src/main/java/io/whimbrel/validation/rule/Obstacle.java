package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule could not look at a table. It repeats nothing of PostgreSQL's message, which may quote
 * values.
 *
 * @param table null when it is not about one table
 * @param failed whether the look failed, rather than being impossible from the start
 */
public record Obstacle(@Nullable TableName table, boolean failed, String reason) {

  static Obstacle tooLarge(TableName table) {
    return new Obstacle(
        table, false, table + " is large, and a sample of it does not tell; look in mode quick");
  }

  static Obstacle of(@Nullable TableName name, SQLException cause) {
    String state = SqlStates.of(cause);
    String table = name == null ? "the server" : name.toString();
    return switch (state) {
      case SqlStates.INSUFFICIENT_PRIVILEGE ->
          new Obstacle(
              name,
              false,
              "no right to read every row that the look at " + table + " needs (42501)");
      case SqlStates.UNDEFINED_TABLE, SqlStates.UNDEFINED_COLUMN, SqlStates.INVALID_SCHEMA_NAME ->
          new Obstacle(name, false, table + " was dropped or altered meanwhile (" + state + ")");
      case SqlStates.NOT_IN_PREREQUISITE_STATE ->
          new Obstacle(
              name,
              false,
              "what the look at " + table + " needs is not loaded or not ready (55000)");
      case SqlStates.QUERY_CANCELED ->
          new Obstacle(name, true, "looking at " + table + " took longer than allowed (57014)");
      default -> new Obstacle(name, true, "looking at " + table + " failed with SQLSTATE " + state);
    };
  }
}
