package io.whimbrel.executor.rehearsal;

import io.whimbrel.event.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What scripts do to the tables that were there before them, as PostgreSQL's lock table and
 * catalogue tell it. Tables are known by their numbers, so that a new name hides nothing.
 */
final class Footprint {
  private static final String TABLES =
      """
      SELECT c.oid, n.nspname, c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'whimbrel')
        AND n.nspname NOT LIKE 'pg\\_%' AND c.relname <> 'flyway_schema_history'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
            AND d.deptype = 'e')
      """;

  /** Tables on which this session has more than a reader's lock, themselves or their indexes. */
  private static final String LOCKED =
      """
      SELECT DISTINCT coalesce(i.indrelid, l.relation)
      FROM pg_catalog.pg_locks l
      LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
      WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted
        AND l.database = (SELECT oid FROM pg_catalog.pg_database
          WHERE datname = current_database())
        AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
      """;

  /** Tables that a change of rows in the given ones changes too, by their foreign keys. */
  private static final String CASCADES =
      """
      WITH RECURSIVE reached AS (
        SELECT unnest(?::oid[]) AS oid
        UNION
        SELECT k.conrelid FROM pg_catalog.pg_constraint k JOIN reached r ON k.confrelid = r.oid
        WHERE k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd')
          OR k.confupdtype IN ('c', 'n', 'd')))
      SELECT oid FROM reached
      """;

  private static final String TRIGGERED =
      """
      SELECT count(*) FROM pg_catalog.pg_trigger t
      WHERE t.tgrelid = ANY (?::oid[]) AND NOT t.tgisinternal
      """;

  private final Connection connection;
  private final Map<Long, TableName> before;
  private final TreeSet<Long> touched = new TreeSet<>();

  /** Begins with what is there now. */
  Footprint(Connection connection) throws SQLException {
    this.connection = connection;
    this.before = tables();
  }

  /** Looks at the locks of the transaction that is open; before it ends, as they end with it. */
  void observe() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LOCKED)) {
      while (row.next()) {
        if (before.containsKey(row.getLong(1))) {
          touched.add(row.getLong(1));
        }
      }
    }
  }

  /** Counts a table as touched, by its name before. */
  void touch(TableName table) {
    before.forEach(
        (oid, name) -> {
          if (name.equals(table)) {
            touched.add(oid);
          }
        });
  }

  /** Adds what is gone, and what foreign keys carry changes of rows to in the structure of now. */
  void followCascades() throws SQLException {
    Map<Long, TableName> now = tables();
    before.keySet().stream().filter(oid -> !now.containsKey(oid)).forEach(touched::add);
    for (Long oid : numbers(CASCADES)) {
      if (before.containsKey(oid)) {
        touched.add(oid);
      }
    }
  }

  /** Whether a touched table has triggers, which may write anywhere. */
  boolean triggersMayFire() throws SQLException {
    return numbers(TRIGGERED).get(0) > 0;
  }

  /** By their names before. */
  SortedSet<TableName> touched() {
    TreeSet<TableName> names = new TreeSet<>();
    touched.forEach(oid -> names.add(before.get(oid)));
    return names;
  }

  /** Every table that was there, by its name before. */
  SortedSet<TableName> all() {
    return new TreeSet<>(before.values());
  }

  /** Names that were not there before. */
  List<TableName> newNames() throws SQLException {
    TreeSet<TableName> names = new TreeSet<>(tables().values());
    names.removeAll(before.values());
    return List.copyOf(names);
  }

  private List<Long> numbers(String sql) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("oid", touched.toArray()));
      List<Long> numbers = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          numbers.add(row.getLong(1));
        }
      }
      return numbers;
    }
  }

  private Map<Long, TableName> tables() throws SQLException {
    Map<Long, TableName> tables = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TABLES)) {
      while (row.next()) {
        tables.put(row.getLong(1), new TableName(row.getString(2), row.getString(3)));
      }
    }
    return tables;
  }
}
