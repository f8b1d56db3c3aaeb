package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.SchemaSnapshot;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the catalogue says about tables, as the connection's transaction sees it. */
final class TableCatalog {
  private static final String SHAPES =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind::text AS kind,
             pg_catalog.row_security_active(c.oid) AS hiding,
             a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
             a.atttypid, a.attgenerated <> '' AS generated
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN unnest(?::text[], ?::text[]) AS wanted(schema, name)
        ON wanted.schema = n.nspname AND wanted.name = c.relname
      LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p', 'f')
      ORDER BY n.nspname, c.relname, a.attnum
      """;

  private static final String IN_SCHEMAS =
      """
      SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY (?::text[]) AND c.relkind IN ('r', 'p', 'f')
        AND c.relname <> ? AND n.nspname <> ?
      """;

  /** What extensions brought along comes back with them. */
  private static final String IN_DATABASE =
      """
      SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND c.relkind IN ('r', 'p', 'f')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      """;

  private static final String DESCENDANTS =
      """
      WITH RECURSIVE tree AS (
        SELECT c.oid FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN unnest(?::text[], ?::text[]) AS wanted(schema, name)
          ON wanted.schema = n.nspname AND wanted.name = c.relname
        WHERE c.relkind IN ('r', 'p', 'f')
        UNION
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid)
      SELECT n.nspname, c.relname
      FROM tree
      JOIN pg_catalog.pg_class c ON c.oid = tree.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f')
      """;

  private static final String SIZES =
      """
      SELECT n.nspname, c.relname, pg_catalog.pg_table_size(c.oid)
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN unnest(?::text[], ?::text[]) AS wanted(schema, name)
        ON wanted.schema = n.nspname AND wanted.name = c.relname
      WHERE c.relkind = 'r'
      """;

  private TableCatalog() {}

  /** The shapes of those tables that exist, by name. */
  static SortedMap<TableName, TableShape> shapes(
      Connection connection, Collection<TableName> tables) throws SQLException {
    var shapes = new TreeMap<TableName, TableShape>();
    try (PreparedStatement query = named(connection, SHAPES, tables);
        ResultSet row = query.executeQuery()) {
      var columns = new ArrayList<TableShape.Column>();
      while (row.next()) {
        var name = new TableName(row.getString("nspname"), row.getString("relname"));
        if (!shapes.containsKey(name)) {
          columns.clear();
        }
        if (row.getString("attname") != null) {
          columns.add(
              new TableShape.Column(
                  row.getString("attname"),
                  row.getString("type"),
                  row.getLong("atttypid"),
                  row.getBoolean("generated")));
        }
        shapes.put(
            name,
            new TableShape(
                row.getLong("oid"),
                name,
                row.getString("kind"),
                row.getBoolean("hiding"),
                columns));
      }
    }
    return shapes;
  }

  /** Every table of the schemas, without bookkeeping. */
  static SortedSet<TableName> inSchemas(Connection connection, Collection<String> schemas)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(IN_SCHEMAS)) {
      query.setArray(1, texts(connection, schemas));
      query.setString(2, SchemaSnapshot.HISTORY_TABLE);
      query.setString(3, SchemaSnapshot.OWN_SCHEMA);
      return names(query);
    }
  }

  /** Every table of the database, with bookkeeping. */
  static SortedSet<TableName> inDatabase(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(IN_DATABASE)) {
      return names(query);
    }
  }

  /** Those of the tables that exist, with their partitions and children. */
  static SortedSet<TableName> withDescendants(Connection connection, Collection<TableName> tables)
      throws SQLException {
    try (PreparedStatement query = named(connection, DESCENDANTS, tables)) {
      return names(query);
    }
  }

  /** What each table that has rows of its own takes on the server's disk, without its indexes. */
  static SortedMap<TableName, Long> sizes(Connection connection, Collection<TableName> tables)
      throws SQLException {
    var sizes = new TreeMap<TableName, Long>();
    try (PreparedStatement query = named(connection, SIZES, tables);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        sizes.put(new TableName(row.getString(1), row.getString(2)), row.getLong(3));
      }
    }
    return sizes;
  }

  /** Prepares a query whose first two parameters are the schemas and names of tables. */
  static PreparedStatement named(Connection connection, String sql, Collection<TableName> tables)
      throws SQLException {
    PreparedStatement query = connection.prepareStatement(sql);
    query.setArray(1, texts(connection, tables.stream().map(TableName::schema).toList()));
    query.setArray(2, texts(connection, tables.stream().map(TableName::name).toList()));
    return query;
  }

  static Array texts(Connection connection, Collection<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  static SortedSet<TableName> names(PreparedStatement query) throws SQLException {
    var names = new TreeSet<TableName>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        names.add(new TableName(row.getString(1), row.getString(2)));
      }
    }
    return names;
  }
}
