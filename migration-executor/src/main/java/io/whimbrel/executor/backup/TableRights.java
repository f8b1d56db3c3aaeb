package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.SortedSet;

/** What the connection's role may do with tables. */
final class TableRights {
  private static final String LACKING =
      """
      SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN unnest(?::text[], ?::text[]) AS wanted(schema, name)
        ON wanted.schema = n.nspname AND wanted.name = c.relname
      WHERE c.relkind IN ('r', 'p', 'f') AND NOT (
        SELECT bool_and(pg_catalog.has_table_privilege(c.oid, needed))
        FROM unnest(?::text[]) needed)
      """;

  private TableRights() {}

  /** The tables on which the role lacks one of the privileges. */
  static SortedSet<TableName> lacking(
      Connection connection, Collection<TableName> tables, String... privileges)
      throws SQLException {
    try (PreparedStatement query = TableCatalog.named(connection, LACKING, tables)) {
      query.setArray(3, connection.createArrayOf("text", privileges));
      return TableCatalog.names(query);
    }
  }
}
