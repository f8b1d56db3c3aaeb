package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of a table that is loaded. They are built once the rows are there, which takes less
 * time than to keep them up to date row by row.
 *
 * <p>An index stays where it is if something would be lost with it: it belongs to an index of a
 * partitioned table, has a place of its own, is what the table is clustered or replicated by, is
 * not valid, or something else depends on it.
 *
 * @param off statements that drop them
 * @param back statements that make them what they were
 */
record ParkedIndexes(List<String> off, List<String> back) {
  private static final String FIND =
      """
      SELECT x.relname, k.conname, pg_catalog.pg_get_indexdef(i.indexrelid) AS index,
             pg_catalog.pg_get_constraintdef(k.oid) AS definition,
             pg_catalog.obj_description(i.indexrelid, 'pg_class') AS comment,
             pg_catalog.obj_description(k.oid, 'pg_constraint') AS constraint_comment
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      LEFT JOIN pg_catalog.pg_constraint k
        ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
      WHERE i.indrelid = ? AND i.indisvalid AND NOT i.indisclustered AND NOT i.indisreplident
        AND x.reltablespace = 0
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.indexrelid
            OR d.refclassid = 'pg_catalog.pg_constraint'::regclass AND d.refobjid = k.oid
              AND d.deptype <> 'i'
            OR d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
              AND d.deptype = 'x')
      ORDER BY i.indisprimary DESC, x.relname
      """;

  /** Finds those that can go for a while. */
  static ParkedIndexes of(Connection connection, TableShape shape) throws SQLException {
    var off = new ArrayList<String>();
    var back = new ArrayList<String>();
    String table = Quoted.table(shape.name());
    try (PreparedStatement query = connection.prepareStatement(FIND)) {
      query.setLong(1, shape.oid());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          String index =
              Quoted.table(new TableName(shape.name().schema(), row.getString("relname")));
          String constraint = row.getString("conname");
          if (constraint == null) {
            off.add("DROP INDEX " + index);
            back.add(row.getString("index"));
          } else {
            String name = Quoted.name(constraint);
            off.add("ALTER TABLE ONLY %s DROP CONSTRAINT %s".formatted(table, name));
            back.add(
                "ALTER TABLE ONLY %s ADD CONSTRAINT %s %s"
                    .formatted(table, name, row.getString("definition")));
            comment(
                back, "CONSTRAINT " + name + " ON " + table, row.getString("constraint_comment"));
          }
          comment(back, "INDEX " + index, row.getString("comment"));
        }
      }
    }
    return new ParkedIndexes(off, back);
  }

  void drop(Connection connection) throws SQLException {
    execute(connection, off);
  }

  void build(Connection connection) throws SQLException {
    execute(connection, back);
  }

  private static void comment(List<String> back, String on, @Nullable String comment) {
    if (comment != null) {
      back.add("COMMENT ON " + on + " IS " + Quoted.literal(comment));
    }
  }

  private static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
