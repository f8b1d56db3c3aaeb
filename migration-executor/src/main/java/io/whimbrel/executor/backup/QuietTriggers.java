package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Keeps the triggers of tables from firing while contents are replaced. */
final class QuietTriggers {
  private static final String ENABLED =
      """
      SELECT n.nspname, c.relname, t.tgname, t.tgenabled::text
      FROM pg_catalog.pg_trigger t
      JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN unnest(?::text[], ?::text[]) AS wanted(schema, name)
        ON wanted.schema = n.nspname AND wanted.name = c.relname
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
      """;

  private QuietTriggers() {}

  interface Work<F extends Exception> {
    void run() throws SQLException, F;
  }

  /** Does the work with the user triggers off, and puts each back to how it was. */
  static <F extends Exception> void during(
      Connection connection, Collection<TableName> tables, Work<F> work) throws SQLException, F {
    List<String> back = new ArrayList<>();
    List<String> off = new ArrayList<>();
    try (PreparedStatement query = TableCatalog.named(connection, ENABLED, tables);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        String alter =
            "ALTER TABLE " + Quoted.table(new TableName(row.getString(1), row.getString(2)));
        String trigger = Quoted.name(row.getString(3));
        off.add(alter + " DISABLE TRIGGER " + trigger);
        back.add(alter + enable(row.getString(4)) + trigger);
      }
    }
    execute(connection, off);
    work.run();
    execute(connection, back);
  }

  private static String enable(String mode) {
    return switch (mode) {
      case "R" -> " ENABLE REPLICA TRIGGER ";
      case "A" -> " ENABLE ALWAYS TRIGGER ";
      default -> " ENABLE TRIGGER ";
    };
  }

  private static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
