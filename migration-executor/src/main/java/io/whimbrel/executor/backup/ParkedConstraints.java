package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Constraint;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The constraints that must not watch while contents are replaced: foreign keys from and to the
 * tables, or what they are partitions of, and constraints that are not validated, which rows
 * already there may violate.
 */
final class ParkedConstraints {
  private static final String FIND =
      """
      WITH RECURSIVE touched AS (
        SELECT c.oid FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN unnest(?::text[], ?::text[]) AS wanted(schema, name)
          ON wanted.schema = n.nspname AND wanted.name = c.relname),
      foreign_keys AS (
        SELECT oid, conparentid FROM pg_catalog.pg_constraint
        WHERE contype = 'f' AND (conrelid IN (TABLE touched) OR confrelid IN (TABLE touched))
        UNION
        SELECT p.oid, p.conparentid
        FROM foreign_keys f JOIN pg_catalog.pg_constraint p ON p.oid = f.conparentid)
      SELECT k.conname, n.nspname, c.relname, rn.nspname AS of_schema, r.relname AS of_name,
             pg_catalog.pg_get_constraintdef(k.oid) AS definition,
             pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
      LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
      WHERE k.conparentid = 0
        AND (k.oid IN (SELECT oid FROM foreign_keys)
          OR k.contype IN ('c', 'n') AND NOT k.convalidated AND k.conislocal
             AND k.conrelid IN (TABLE touched))
      ORDER BY n.nspname, c.relname, k.conname
      """;

  private ParkedConstraints() {}

  /** Finds them; {@code search_path} is {@code pg_catalog}, so every name is qualified. */
  static List<Constraint> find(Connection connection, Collection<TableName> tables)
      throws SQLException {
    var found = new ArrayList<Constraint>();
    try (PreparedStatement query = TableCatalog.named(connection, FIND, tables);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        String ofName = row.getString("of_name");
        found.add(
            new Constraint(
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getString("conname"),
                ofName == null ? null : new TableName(row.getString("of_schema"), ofName),
                row.getString("definition"),
                row.getString("comment")));
      }
    }
    return found;
  }

  static void drop(Connection connection, Collection<Constraint> constraints) throws SQLException {
    for (Constraint constraint : constraints) {
      execute(connection, dropping(constraint));
    }
  }

  static void add(Connection connection, Collection<Constraint> constraints) throws SQLException {
    for (Constraint constraint : constraints) {
      for (String statement : adding(constraint)) {
        execute(connection, statement);
      }
    }
  }

  static String dropping(Constraint constraint) {
    return "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s"
        .formatted(Quoted.table(constraint.table()), Quoted.name(constraint.name()));
  }

  static List<String> adding(Constraint constraint) {
    String table = Quoted.table(constraint.table());
    String name = Quoted.name(constraint.name());
    String add =
        "ALTER TABLE %s ADD CONSTRAINT %s %s".formatted(table, name, constraint.definition());
    if (constraint.comment() == null) {
      return List.of(add);
    }
    String comment = Quoted.literal(constraint.comment());
    return List.of(add, "COMMENT ON CONSTRAINT %s ON %s IS %s".formatted(name, table, comment));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
