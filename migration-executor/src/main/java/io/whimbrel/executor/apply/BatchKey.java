package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptHeaders.Batch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The column that the batches of a script go along, as the target knows it. Keys are kept as text,
 * which PostgreSQL turns into its type again; any type with an order will do.
 *
 * @param table qualified and quoted
 * @param column quoted
 * @param type as {@code format_type} names it
 */
record BatchKey(String table, String column, String type) {

  /** Up to this many pages the rows are counted; above, the planner's estimate has to do. */
  private static final int COUNTED_PAGES = 20_000;

  // A table without statistics, as after its first load, would be read and sorted as a whole for
  // every batch, while the key's index has the rows in order.
  private static final String BY_INDEX =
      "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort ="
          + " off";

  private static final String AS_BEFORE =
      "select set_config(name, reset_val, true) from pg_catalog.pg_settings where name in"
          + " ('enable_seqscan', 'enable_bitmapscan', 'enable_sort')";

  /**
   * Looks the header's table and key up; the search path is the script's.
   *
   * @throws Refusal if they are not there, the key is not unique or may be null, or the statement
   *     changes another table than the header names
   */
  static BatchKey find(Connection connection, Script script, RangedStatement ranged)
      throws SQLException {
    Batch batch = script.headers().batch().orElseThrow();
    String sql =
        """
        select format('%I.%I', n.nspname, c.relname), quote_ident(a.attname),
          format_type(a.atttypid, a.atttypmod),
          a.attnotnull and exists (select from pg_catalog.pg_index i where i.indrelid = c.oid
            and i.indisunique and i.indisvalid and i.indpred is null and i.indnkeyatts = 1
            and i.indkey[0] = a.attnum),
          ? is null or to_regclass(?) = c.oid
        from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where c.oid = to_regclass(?) and a.attname = (parse_ident(?))[1] and not a.attisdropped
        """;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, ranged.table());
      query.setString(2, ranged.table());
      query.setString(3, batch.table());
      query.setString(4, batch.key());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw refusal(script, "the batch header names no table and column of this target");
        }
        if (!row.getBoolean(4)) {
          throw refusal(script, "the batch key needs NOT NULL and a unique index of its own");
        }
        if (!row.getBoolean(5)) {
          throw refusal(script, "the statement changes another table than the batch header names");
        }
        return new BatchKey(row.getString(1), row.getString(2), row.getString(3));
      }
    }
  }

  /** The greatest key there is; empty if the table is. */
  Optional<String> greatest(Connection connection) throws SQLException {
    String sql =
        "select cast(%1$s as text) from %2$s order by %2$s.%1$s desc limit 1"
            .formatted(column, table);
    return Optional.ofNullable(Sql.text(connection, sql));
  }

  /** How many rows the table has, or is thought to have. */
  long rows(Connection connection) throws SQLException {
    String pages = "select relpages > ? and reltuples > 0 from pg_class where oid = to_regclass(?)";
    boolean large = "t".equals(Sql.text(connection, pages, COUNTED_PAGES, table));
    String rows =
        large
            ? Sql.text(
                connection,
                "select cast(reltuples as bigint) from pg_class where oid = to_regclass(?)",
                table)
            : Sql.text(connection, "select count(*) from " + table);
    return rows == null ? 0 : Long.parseLong(rows);
  }

  /** The keys of the next batch. */
  Bounds next(Connection connection, Checkpoint from, int size) throws SQLException {
    String upper = from.upperBound();
    if (upper == null) {
      return new Bounds(this, null, null, 0, true);
    }
    Bounds rest = new Bounds(this, from.lastKey(), upper, 0, true);
    String sql =
        """
        select cast(k as text), n from (
          select %1$s as k, row_number() over (order by %2$s.%1$s) as n
          from %2$s where %3$s order by %2$s.%1$s limit %4$d
        ) batch order by n desc limit 1
        """
            .formatted(column, table, rest.condition(table + "." + column), size);
    Sql.execute(connection, BY_INDEX);
    Bounds next = rest;
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      if (row.next()) {
        long rows = row.getLong(2);
        boolean last = rows < size || row.getString(1).equals(upper);
        next = new Bounds(this, from.lastKey(), last ? upper : row.getString(1), rows, last);
      }
    }
    Sql.execute(connection, AS_BEFORE);
    return next;
  }

  /**
   * A range of keys.
   *
   * @param above exclusive; null is no bound
   * @param upTo inclusive; null is an empty range
   * @param rows of the table within it
   * @param last whether nothing is left after it
   */
  record Bounds(
      BatchKey key, @Nullable String above, @Nullable String upTo, long rows, boolean last) {

    String condition(String name) {
      if (upTo == null) {
        return "false";
      }
      List<String> parts = new ArrayList<>();
      if (above != null) {
        parts.add(name + " > cast(" + Sql.literal(above) + " as " + key.type() + ")");
      }
      parts.add(name + " <= cast(" + Sql.literal(upTo) + " as " + key.type() + ")");
      return String.join(" and ", parts);
    }
  }

  private static Refusal refusal(Script script, String what) {
    return new Refusal(
        script.migration().script() + ": " + what + "; correct the header's table and key");
  }
}
