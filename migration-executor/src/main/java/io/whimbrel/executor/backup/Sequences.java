package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Sequence;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Positions of sequences. They are no part of a snapshot and of no transaction, so they only ever
 * move on: a number that was handed out is not handed out again.
 */
final class Sequences {
  private static final String IN_SCHEMAS =
      """
      SELECT n.nspname, c.relname, s.seqincrement
      FROM pg_catalog.pg_sequence s
      JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY (?::text[])
        AND CASE WHEN c.relkind = 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') END
      ORDER BY n.nspname, c.relname
      """;

  private Sequences() {}

  static List<Sequence> read(Connection connection, Collection<String> schemas)
      throws SQLException {
    var sequences = new ArrayList<Sequence>();
    try (PreparedStatement query = connection.prepareStatement(IN_SCHEMAS);
        Statement statement = connection.createStatement()) {
      query.setArray(1, TableCatalog.texts(connection, schemas));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          sequences.add(
              position(
                  statement, new TableName(row.getString(1), row.getString(2)), row.getLong(3)));
        }
      }
    }
    return sequences;
  }

  private static Sequence position(Statement statement, TableName name, long increment)
      throws SQLException {
    String sql = "SELECT last_value, is_called FROM " + Quoted.table(name);
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new Sequence(name, row.getLong(1), row.getBoolean(2), increment);
    }
  }

  /** Moves the sequences that exist to where they were furthest. */
  static void advance(
      Connection connection,
      Collection<String> schemas,
      Collection<Sequence> backedUp,
      Collection<Sequence> beforeRestore)
      throws SQLException {
    Map<TableName, Sequence> furthest = new TreeMap<>();
    for (Collection<Sequence> positions : List.of(backedUp, beforeRestore)) {
      positions.forEach(position -> furthest.merge(position.name(), position, Sequences::further));
    }
    for (Sequence now : read(connection, schemas)) {
      Sequence reached = furthest.get(now.name());
      if (reached != null && !further(now, reached).equals(now)) {
        set(connection, reached);
      }
    }
  }

  private static Sequence further(Sequence one, Sequence other) {
    if (one.lastValue() == other.lastValue()) {
      return one.called() || !other.called() ? one : other;
    }
    boolean oneIsGreater = one.lastValue() > other.lastValue();
    return oneIsGreater == one.increment() > 0 ? one : other;
  }

  private static void set(Connection connection, Sequence sequence) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(setting(sequence));
    }
  }

  static String setting(Sequence sequence) {
    return "SELECT pg_catalog.setval(%s, %d, %s)"
        .formatted(
            Quoted.literal(Quoted.table(sequence.name())), sequence.lastValue(), sequence.called());
  }
}
