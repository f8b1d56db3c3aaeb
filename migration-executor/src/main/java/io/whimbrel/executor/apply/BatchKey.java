package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.BatchHeader;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The key that the batches of a script go along, as the target knows it: one column or several, of
 * any types with an order, with a unique index over just them.
 *
 * @param table qualified and quoted
 */
record BatchKey(String table, List<Column> columns) {

  /**
   * A column of the key.
   *
   * @param name quoted
   * @param type as {@code format_type} names it
   */
  record Column(String name, String type) {}

  /** Up to this many bytes the rows are counted; above, the planner's estimate has to do. */
  private static final long COUNTED_BYTES = 160_000_000;

  BatchKey {
    columns = List.copyOf(columns);
  }

  /**
   * Looks the header's table and key up; the search path is the script's.
   *
   * @throws Refusal if they are not there, the key is not unique or may be null, or the statement
   *     changes another table than the header names
   */
  static BatchKey find(Connection connection, Script script, RangedStatement ranged)
      throws SQLException {
    BatchHeader batch = script.headers().batch().orElseThrow();
    String sql =
        """
        select format('%I.%I', n.nspname, c.relname),
          cast(? as text) is null or to_regclass(?) = c.oid
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.oid = to_regclass(?) and c.relkind in ('r', 'p')
        """;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, ranged.table());
      query.setString(2, ranged.table());
      query.setString(3, batch.table());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw refusal(script, "the batch header names no table of this target");
        }
        if (!row.getBoolean(2)) {
          throw refusal(script, "the statement changes another table than the batch header names");
        }
        return new BatchKey(row.getString(1), columns(connection, script, batch));
      }
    }
  }

  private static List<Column> columns(Connection connection, Script script, BatchHeader batch)
      throws SQLException {
    String sql =
        """
        with part as (
          select w.place, a.* from unnest(cast(? as text[])) with ordinality w (name, place)
            left join pg_catalog.pg_attribute a on a.attrelid = to_regclass(?) and a.attnum > 0
              and a.attname = (parse_ident(w.name))[1] and not a.attisdropped)
        select quote_ident(p.attname), format_type(p.atttypid, p.atttypmod),
          p.attnotnull, exists (
            select from pg_catalog.pg_index i
              join pg_catalog.pg_class c on c.oid = i.indexrelid
              join pg_catalog.pg_am m on m.oid = c.relam
            where i.indrelid = to_regclass(?) and i.indisunique and i.indisvalid
              and i.indpred is null and i.indexprs is null and m.amname = 'btree'
              and i.indnkeyatts = (select count(*) from part)
              and not exists (
                select from part k where i.indkey[k.place - 1] <> k.attnum
                  or i.indcollation[k.place - 1] <> k.attcollation
                  or i.indoption[k.place - 1] <> i.indoption[0] or i.indoption[0] not in (0, 3)
                  or not (select o.opcdefault from pg_catalog.pg_opclass o
                    where o.oid = i.indclass[k.place - 1])))
        from part p order by p.place
        """;
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("text", batch.key().toArray()));
      query.setString(2, batch.table());
      query.setString(3, batch.table());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          if (row.getString(1) == null) {
            throw refusal(script, "the batch header names no column of its table");
          }
          if (!row.getBoolean(3) || !row.getBoolean(4)) {
            throw refusal(
                script,
                "the batch key needs NOT NULL and a unique index over just its columns, in their"
                    + " order and collation; create one, or name another key");
          }
          columns.add(new Column(row.getString(1), row.getString(2)));
        }
      }
    }
    return columns;
  }

  /** The greatest key there is; null if the table is empty. */
  @Nullable KeyValue greatest(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(greatestAbove(null));
        ResultSet row = query.executeQuery()) {
      return row.next() ? value(row) : null;
    }
  }

  /** Rows of a table. */
  record RowCount(long rows, boolean estimated) {}

  /** How many rows the table has, or is thought to have. */
  RowCount rows(Connection connection) throws SQLException {
    RowCount estimate = estimate(connection);
    if (estimate.estimated()) {
      return estimate;
    }
    String counted = Sql.text(connection, "select count(*) from " + table);
    return new RowCount(counted == null ? 0 : Long.parseLong(counted), false);
  }

  /** The planner's idea of the rows, and whether it has to do. */
  RowCount estimate(Connection connection) throws SQLException {
    String size =
        """
        select sum(pg_relation_size(c.oid)) > ? and min(c.reltuples) >= 0,
          cast(sum(c.reltuples) as bigint)
        from pg_catalog.pg_class c where c.relkind = 'r' and (c.oid = to_regclass(?)
          or c.oid in (select relid from pg_partition_tree(to_regclass(?)) where isleaf))
        """;
    try (PreparedStatement query = connection.prepareStatement(size)) {
      query.setLong(1, COUNTED_BYTES);
      query.setString(2, table);
      query.setString(3, table);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return new RowCount(row.getLong(2), row.getBoolean(1));
      }
    }
  }

  /** Finds the key that so many rows of a range reach up to; no row if it has fewer of them. */
  String nth(KeyRange range, int rows) {
    return "select "
        + columns.stream().map(c -> "cast(" + of(c) + " as text)").collect(Collectors.joining(", "))
        + (" from " + table + " where " + range.condition(names()))
        + (" order by " + String.join(", ", names()) + " offset " + (rows - 1) + " limit 1");
  }

  String count(KeyRange range) {
    return "select count(*) from " + table + " where " + range.condition(names());
  }

  /** Finds the greatest key above another, or of all; no row if there is none. */
  String greatestAbove(@Nullable KeyValue bound) {
    String above =
        Optional.ofNullable(bound)
            .map(value -> " where " + new KeyRange(this, value, value, 0).above(names()))
            .orElse("");
    return "select "
        + columns.stream().map(c -> "cast(" + of(c) + " as text)").collect(Collectors.joining(", "))
        + (" from " + table + above + " order by ")
        + names().stream().map(name -> name + " desc").collect(Collectors.joining(", "))
        + " limit 1";
  }

  /** A key as {@link #nth} and {@link #greatestAbove} select it. */
  KeyValue value(ResultSet row) throws SQLException {
    List<String> parts = new ArrayList<>();
    for (int i = 1; i <= columns.size(); i++) {
      parts.add(row.getString(i));
    }
    return new KeyValue(parts);
  }

  private List<String> names() {
    return columns.stream().map(this::of).toList();
  }

  private String of(Column column) {
    return table + "." + column.name();
  }

  private static Refusal refusal(Script script, String what) {
    return new Refusal(
        script.migration().script() + ": " + what + "; correct the header's table and key");
  }
}
