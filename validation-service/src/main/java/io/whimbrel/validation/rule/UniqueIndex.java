package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A unique index.
 *
 * @param name as the catalogue spells it
 * @param sql its name as SQL, with its schema
 * @param keys its columns and expressions, each under the index's collation
 * @param predicate of a partial index
 * @param valid false if PostgreSQL has marked it invalid
 * @param types of its keys
 * @param hashable whether they have a hash that goes with their equality
 * @param nullsDistinct whether NULL equals nothing, as is the default
 */
record UniqueIndex(
    String name,
    String sql,
    Table table,
    List<String> keys,
    @Nullable String predicate,
    boolean valid,
    List<String> types,
    boolean hashable,
    boolean nullsDistinct) {

  private static final String INDEXES =
      """
      select c.relname, format('%%I.%%I', n.nspname, c.relname) as sql, i.indrelid,
             array(select pg_get_indexdef(i.indexrelid, k, true)
                          || case when co.oid is null then ''
                               else format(' collate %%I.%%I', cn.nspname, co.collname) end
                     from generate_series(1, i.indnkeyatts::int) k
                     left join pg_collation co on co.oid = i.indcollation[k - 1]
                     left join pg_namespace cn on cn.oid = co.collnamespace
                    order by k) as keys,
             pg_get_expr(i.indpred, i.indrelid) as predicate,
             i.indisvalid as valid, not i.indnullsnotdistinct as nulls_distinct,
             array(select a.atttypid::regtype::text from pg_attribute a
                    where a.attrelid = i.indexrelid and a.attnum <= i.indnkeyatts
                    order by a.attnum) as types,
             not exists (select from pg_attribute a
                          where a.attrelid = i.indexrelid and a.attnum <= i.indnkeyatts
                            and not exists (select from pg_opclass o join pg_am m on m.oid = o.opcmethod
                                             where m.amname = 'hash' and o.opcdefault
                                               and o.opcintype = case a.atttypid
                                                     when 'varchar'::regtype then 'text'::regtype
                                                     else a.atttypid end)) as hashable
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        join pg_namespace n on n.oid = c.relnamespace
       where i.indisunique and i.indislive and i.indrelid = any (?)
         and not exists (select from pg_stat_progress_create_index p
                          where p.index_relid = i.indexrelid)
         and (not i.indisvalid or %s)
       order by i.indrelid::regclass::text, c.relname
      """;

  static final String INVALID = INDEXES.formatted("false");

  // The index of a partition is a part of its root's, which is read over all partitions.
  static final String ALL = INDEXES.formatted("not c.relispartition");

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
            row.getBoolean("valid"),
            Query.strings(row, "types"),
            row.getBoolean("hashable"),
            row.getBoolean("nulls_distinct")));
  }

  /** The index that a run is about to make. */
  static UniqueIndex planned(Planned planned, List<Planned.Column> columns) {
    String name = String.join(", ", planned.change().columns());
    return new UniqueIndex(
        name,
        name,
        planned.table(),
        columns.stream().map(UniqueIndex::key).toList(),
        null,
        false,
        columns.stream().map(Planned.Column::type).toList(),
        columns.stream().allMatch(Planned.Column::hashable),
        !Boolean.TRUE.equals(planned.change().nullsNotDistinct()));
  }

  private static String key(Planned.Column column) {
    return column.collation() == null
        ? column.sql()
        : column.sql() + " collate " + column.collation();
  }

  /** Rows that the index would not let stand beside each other. */
  Duplicates duplicates() {
    return duplicates("");
  }

  private Duplicates duplicates(String more) {
    String hash = nullsDistinct ? Duplicates.hash(types) : Duplicates.hashOfNulls(types.size());
    return new Duplicates(entries(more), hashable ? hash : null, keyNames());
  }

  /** The primary keys of the rows in such groups. */
  String duplicatedRows() {
    String primary =
        IntStream.range(0, table.key().size())
            .mapToObj(i -> ", " + table.key().get(i).sql() + " as p" + (i + 1))
            .collect(Collectors.joining());
    String numbered =
        "select e.*, count(*) over (partition by %s) as n from (%s) as e"
            .formatted(keyNames(), duplicates(primary).suspects());
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
    return Duplicates.names(keys.size());
  }
}
