package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Whole;
import io.whimbrel.executor.schema.SchemaSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the backup of a whole database says beside its tables. */
final class WholeDatabase {
  private static final String SCHEMAS =
      """
      SELECT nspname FROM pg_catalog.pg_namespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname
      """;

  /** Scripts of the structure leave these tables out; they are plain ones. */
  private static final String BOOKKEEPING =
      """
      WITH kept AS (
        SELECT c.oid, n.nspname, format('%I.%I', n.nspname, c.relname) AS name,
               quote_ident(pg_get_userbyid(c.relowner)) AS owner
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND (c.relname = ? OR n.nspname = ?))
      SELECT statement FROM (
        SELECT DISTINCT 1 AS step, nspname AS what,
               format('CREATE SCHEMA IF NOT EXISTS %I', nspname) AS statement
        FROM kept
        UNION ALL
        SELECT 2, name, format('CREATE TABLE IF NOT EXISTS %s (%s)', name, concat_ws(', ',
          (SELECT string_agg(concat_ws(' ', quote_ident(a.attname),
                    format_type(a.atttypid, a.atttypmod),
                    'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
                    CASE WHEN a.attnotnull THEN 'NOT NULL' END), ', ' ORDER BY a.attnum)
           FROM pg_catalog.pg_attribute a
           LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
           WHERE a.attrelid = kept.oid AND a.attnum > 0 AND NOT a.attisdropped),
          (SELECT string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)),
                    ', ' ORDER BY k.conname)
           FROM pg_catalog.pg_constraint k
           WHERE k.conrelid = kept.oid AND k.contype IN ('p', 'u', 'c'))))
        FROM kept
        UNION ALL
        SELECT 3, name, format('ALTER TABLE %s OWNER TO %s', name, owner) FROM kept
        UNION ALL
        SELECT 4, name, regexp_replace(
          pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX ', 'CREATE \\1INDEX IF NOT EXISTS ')
        FROM kept JOIN pg_catalog.pg_index i ON i.indrelid = kept.oid
        WHERE NOT EXISTS (
          SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid)) s
      ORDER BY step, what
      """;

  private WholeDatabase() {}

  /**
   * Reads it; the settings of {@link TextSettings} are in force.
   *
   * @param touched the tables that the run touches
   */
  static Whole read(Connection connection, Set<TableName> touched) throws SQLException {
    return new Whole(
        List.copyOf(touched),
        ParkedConstraints.find(connection, touched),
        bookkeeping(connection),
        MaterializedViews.names(connection));
  }

  static List<String> schemas(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SCHEMAS)) {
      return texts(row);
    }
  }

  private static List<String> bookkeeping(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(BOOKKEEPING)) {
      query.setString(1, SchemaSnapshot.HISTORY_TABLE);
      query.setString(2, SchemaSnapshot.OWN_SCHEMA);
      try (ResultSet row = query.executeQuery()) {
        return texts(row);
      }
    }
  }

  private static List<String> texts(ResultSet row) throws SQLException {
    var texts = new ArrayList<String>();
    while (row.next()) {
      texts.add(row.getString(1));
    }
    return texts;
  }
}
