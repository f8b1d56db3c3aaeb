package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A unique index that PostgreSQL has marked invalid.
 *
 * @param name as the catalogue spells it
 * @param sql its name as SQL, with its schema
 * @param keys its columns and expressions, each under the index's collation
 * @param predicate of a partial index
 * @param nullsDistinct whether NULL equals nothing, as is the default
 */
record UniqueIndex(
    String name,
    String sql,
    Table table,
    List<String> keys,
    @Nullable String predicate,
    boolean nullsDistinct) {

  static final String INVALID =
      """
      select c.relname, format('%I.%I', n.nspname, c.relname) as sql, i.indrelid,
             array(select pg_get_indexdef(i.indexrelid, k, true)
                          || case when co.oid is null then ''
                               else format(' collate %I.%I', cn.nspname, co.collname) end
                     from generate_series(1, i.indnkeyatts::int) k
                     left join pg_collation co on co.oid = i.indcollation[k - 1]
                     left join pg_namespace cn on cn.oid = co.collnamespace
                    order by k) as keys,
             pg_get_expr(i.indpred, i.indrelid) as predicate,
             not i.indnullsnotdistinct as nulls_distinct
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        join pg_namespace n on n.oid = c.relnamespace
       where i.indisunique and not i.indisvalid and i.indislive and i.indrelid = any (?)
         and not exists (select from pg_stat_progress_create_index p
                          where p.index_relid = i.indexrelid)
       order by i.indrelid::regclass::text, c.relname
      """;

  static Optional<UniqueIndex> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> table = scope.table(row.getLong("indrelid"));
    if (table.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new UniqueIndex(
            row.getString("relname"),
            row.getString("sql"),
            table.get(),
            Query.strings(row, "keys"),
            row.getString("predicate"),
            row.getBoolean("nulls_distinct")));
  }

  /** Groups of rows that the index would not let stand beside each other, with their size n. */
  String duplicates() {
    return "select count(*) as n from (%s) as e group by %s having count(*) > 1"
        .formatted(entries(""), keyNames());
  }

  /** The primary keys of the rows in such groups. */
  String duplicatedRows() {
    String primary =
        IntStream.range(0, table.key().size())
            .mapToObj(i -> ", " + table.key().get(i).sql() + " as p" + (i + 1))
            .collect(Collectors.joining());
    String numbered =
        "select e.*, count(*) over (partition by %s) as n from (%s) as e"
            .formatted(keyNames(), entries(primary));
    return "%s from (%s) as r where n > 1"
        .formatted(
            IntStream.rangeClosed(1, table.key().size())
                .mapToObj(i -> "p" + i)
                .collect(Collectors.joining(", ")),
            numbered);
  }

  private String entries(String more) {
    String select =
        IntStream.range(0, keys.size())
            .mapToObj(i -> keys.get(i) + " as k" + (i + 1))
            .collect(Collectors.joining(", "));
    String entries =
        "select %s%s from %s%s"
            .formatted(
                select, more, table.ownRows(), predicate == null ? "" : " where " + predicate);
    return nullsDistinct
        ? "select * from (%s) as i where num_nulls(%s) = 0".formatted(entries, keyNames())
        : entries;
  }

  private String keyNames() {
    return IntStream.rangeClosed(1, keys.size())
        .mapToObj(i -> "k" + i)
        .collect(Collectors.joining(", "));
  }
}
