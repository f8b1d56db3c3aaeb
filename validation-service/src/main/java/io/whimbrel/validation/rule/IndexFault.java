package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An index, or a foreign key that should have one.
 *
 * @param name as the catalogue spells it
 * @param fault what is wrong with it; null if nothing is
 * @param remedy SQL that mends it
 */
record IndexFault(Table table, String name, @Nullable String fault, @Nullable String remedy) {

  // Only b-trees can stand for each other, and only those over the same rows. What a constraint
  // rests on, and the indexes of partitions that belong to one of the root, cannot be dropped.
  static final String OF_INDEXES =
      """
      with idx as (
        select i.*, c.relname, n.nspname, m.amname, pg_relation_size(c.oid) as bytes,
               coalesce(s.idx_scan, 0) as scans, c.relispartition,
               exists (select from pg_constraint k where k.conindid = c.oid) as constrains,
               coalesce(i.indexprs::text, '') as exprs, coalesce(i.indpred::text, '') as pred
          from pg_index i
          join pg_class c on c.oid = i.indexrelid
          join pg_namespace n on n.oid = c.relnamespace
          join pg_am m on m.oid = c.relam
          left join pg_stat_all_indexes s on s.indexrelid = c.oid
         where i.indrelid = any (?) and i.indislive
           and not exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid)),
      same as (
        select x.indexrelid, min(o.relname) as same_as
          from idx x join idx o on o.indrelid = x.indrelid and o.indexrelid <> x.indexrelid
         where o.indisvalid and o.amname = x.amname and o.pred = x.pred
           and o.exprs = x.exprs and o.indkey::text = x.indkey::text
           and o.indclass::text = x.indclass::text
           and o.indcollation::text = x.indcollation::text
           and o.indoption::text = x.indoption::text
           and (o.indisunique or not x.indisunique)
           and (o.constrains, o.indisunique, -o.indexrelid::int8)
               > (x.constrains, x.indisunique, -x.indexrelid::int8)
         group by x.indexrelid),
      -- A slice counts from one, a vector of the catalogue from zero; only slices compare.
      longer as (
        select x.indexrelid, min(o.relname) as start_of
          from idx x join idx o on o.indrelid = x.indrelid and o.indexrelid <> x.indexrelid
         where o.indisvalid and x.amname = 'btree' and o.amname = 'btree' and not x.indisunique
           and x.exprs = '' and o.exprs = '' and o.pred = x.pred
           and o.indnkeyatts > x.indnkeyatts and x.indnkeyatts = x.indnatts
           and (o.indkey::int2[])[0:x.indnkeyatts - 1]
               = (x.indkey::int2[])[0:x.indnkeyatts - 1]
           and (o.indclass::oid[])[0:x.indnkeyatts - 1]
               = (x.indclass::oid[])[0:x.indnkeyatts - 1]
           and (o.indcollation::oid[])[0:x.indnkeyatts - 1]
               = (x.indcollation::oid[])[0:x.indnkeyatts - 1]
           and (o.indoption::int2[])[0:x.indnkeyatts - 1]
               = (x.indoption::int2[])[0:x.indnkeyatts - 1]
         group by x.indexrelid),
      judged as (
        select x.*, same.same_as, longer.start_of,
               (select d.stats_reset from pg_stat_database d
                 where d.datname = current_database()) as counted_since
          from idx x left join same using (indexrelid) left join longer using (indexrelid))
      select indrelid, relname as name,
             case when not indisvalid then 'is invalid: it is written and never read'
                  when same_as is not null then 'is the same as ' || same_as
                  when start_of is not null then 'is what ' || start_of || ' starts with'
                  when scans = 0 and bytes > 1048576 and not indisunique and not constrains
                   and counted_since < now() - interval '7 days'
                  then 'has not been used since ' || counted_since::date end as fault,
             case when not indisvalid
                  then format('reindex index concurrently %I.%I;', nspname, relname)
                  else format('drop index concurrently %I.%I;', nspname, relname) end as remedy
        from judged
       where not relispartition and (indisvalid or not indisunique)
       order by indrelid::regclass::text, relname
      """;

  static final String MISSING =
      """
      select con.conrelid as indrelid, con.conname as name,
             case when not exists (
                    select from pg_index i
                     where i.indrelid = con.conrelid and i.indisvalid and i.indpred is null
                       and (i.indkey::int2[])[0:cardinality(con.conkey) - 1] @> con.conkey
                       and con.conkey @> (i.indkey::int2[])[0:cardinality(con.conkey) - 1])
                  then 'has no index: a deletion of a parent reads the whole child' end as fault,
             format('create index concurrently on %s (%s);', con.conrelid::regclass,
                    (select string_agg(format('%I', a.attname), ', ' order by k.at)
                       from unnest(con.conkey) with ordinality k (n, at)
                       join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.n)) as remedy
        from pg_constraint con
       where con.contype = 'f' and con.conparentid = 0 and con.conrelid = any (?)
       order by con.conrelid::regclass::text, con.conname
      """;

  static Optional<IndexFault> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> table = scope.table(row.getLong("indrelid"));
    if (table.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IndexFault(
            table.get(), row.getString("name"), row.getString("fault"), row.getString("remedy")));
  }
}
