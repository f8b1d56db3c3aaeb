package io.whimbrel.executor.plan.approval;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which database a plan was made for, and in which state it was.
 *
 * @param systemIdentifier of the server's cluster; a replica that takes over has the same one
 * @param history digest of the rows of the schema history
 * @param historyRows how many there are
 * @param structure digest of columns, constraints, indexes and triggers of each table that the plan
 *     touches; {@value #ABSENT} for one that is not there
 */
public record TargetFingerprint(
    String systemIdentifier,
    String database,
    String history,
    int historyRows,
    Map<String, String> structure) {

  private static final String ABSENT = "absent";

  private static final String IDENTITY =
      """
      SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
        pg_catalog.current_database()
      """;

  // With an empty search_path, so that definitions name their schemas whoever asks.
  private static final String STRUCTURE =
      """
      SELECT wanted.schema || '.' || wanted.name, pg_catalog.encode(pg_catalog.sha256(
        pg_catalog.convert_to(pg_catalog.concat_ws(E'\\n', c.relkind, c.relpersistence,
          (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attname,
              pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
              a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid)), E'\\n'
              ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
          (SELECT pg_catalog.string_agg(k.conname || ' ' || k.convalidated || ' '
              || pg_catalog.pg_get_constraintdef(k.oid), E'\\n' ORDER BY k.conname)
            FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid),
          (SELECT pg_catalog.string_agg(i.indisvalid || ' '
              || pg_catalog.pg_get_indexdef(i.indexrelid), E'\\n'
              ORDER BY pg_catalog.pg_get_indexdef(i.indexrelid))
            FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid),
          (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', t.tgenabled,
              pg_catalog.pg_get_triggerdef(t.oid)), E'\\n' ORDER BY t.tgname)
            FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
        ), 'UTF8')), 'hex')
      FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]))
        AS wanted (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
      """;

  public TargetFingerprint {
    structure = new TreeMap<>(structure);
  }

  /**
   * Reads it, in a transaction of its own.
   *
   * @param connection in autocommit mode, as it is afterwards
   */
  public static TargetFingerprint read(
      Connection connection, History history, Collection<TableName> tables) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL search_path = ''");
      try (ResultSet row = statement.executeQuery(IDENTITY)) {
        row.next();
        return new TargetFingerprint(
            row.getString(1),
            row.getString(2),
            PlanBasis.sha256(String.join("\n", lines(history))),
            history.rows().size(),
            structure(connection, tables));
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static List<String> lines(History history) {
    List<String> lines = new ArrayList<>();
    for (AppliedMigration row : history.rows()) {
      lines.add(
          "%d %s %s %s %s %s"
              .formatted(
                  row.rank(),
                  row.version(),
                  row.type(),
                  row.script(),
                  row.checksum(),
                  row.success()));
    }
    return lines;
  }

  private static Map<String, String> structure(Connection connection, Collection<TableName> tables)
      throws SQLException {
    Map<String, String> structure = new TreeMap<>();
    tables.forEach(table -> structure.put(table.toString(), ABSENT));
    try (PreparedStatement query = connection.prepareStatement(STRUCTURE)) {
      query.setArray(1, array(connection, tables.stream().map(TableName::schema).toList()));
      query.setArray(2, array(connection, tables.stream().map(TableName::name).toList()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          structure.put(row.getString(1), row.getString(2));
        }
      }
    }
    return structure;
  }

  private static Array array(Connection connection, List<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  /** What is no longer as it was, one sentence each. */
  List<String> changesUntil(TargetFingerprint now) {
    List<String> changes = new ArrayList<>();
    if (!systemIdentifier.equals(now.systemIdentifier)) {
      changes.add(
          "the target is on another server (system identifier %s then, %s now)"
              .formatted(systemIdentifier, now.systemIdentifier));
    }
    if (!database.equals(now.database)) {
      changes.add(
          "the target is another database (%s then, %s now)".formatted(database, now.database));
    }
    if (!history.equals(now.history)) {
      changes.add(
          historyRows == now.historyRows
              ? "the schema history says something else"
              : "the schema history has changed (%d rows then, %d now)"
                  .formatted(historyRows, now.historyRows));
    }
    SortedSet<String> tables = new TreeSet<>(structure.keySet());
    tables.retainAll(now.structure.keySet());
    for (String table : tables) {
      if (!String.valueOf(structure.get(table)).equals(now.structure.get(table))) {
        changes.add("table " + table + " has another structure");
      }
    }
    return changes;
  }
}
