package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables that have grown too large, or hold much that is dead. */
final class TableSize implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "table_size",
          "Tables are no larger than they should be",
          Category.PERFORMANCE,
          Severity.WARNING,
          "Tables above their declared size; more than a fifth dead rows (of at least 10,000);"
              + " transaction ids that have used half of the way to wraparound.",
          "A table that grows unseen is found when the disk is full; one that is not vacuumed is"
              + " read through its dead rows, and stops the whole server at wraparound.",
          "Vacuum the table, find out what keeps autovacuum from it, or move old rows away.",
          CostClass.CATALOGUE,
          new Example(
"""
table_size:
  - { table: session, max: 16kB }
""",
"""
create table session (id int primary key, token text);
insert into session select n, repeat('x', 100) from generate_series(1, 1000) as n;
"""),
          new Example(
"""
table_size:
  - { table: session, max: 1GB }
""",
"""
create table session (id int primary key, token text);
insert into session select n, repeat('x', 100) from generate_series(1, 1000) as n;
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  private static final String CONDITION =
      """
      select c.oid, age(c.relfrozenxid)::int8 as age,
             coalesce(s.n_dead_tup, 0) as dead, coalesce(s.n_live_tup, 0) as live
        from pg_class c left join pg_stat_all_tables s on s.relid = c.oid
       where c.oid = any (?) and c.relkind = 'r'
      """;

  private static final long HALF_WAY_TO_WRAPAROUND = 1_000_000_000;
  private static final long FEW = 10_000;

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    List<Look> looks = new ArrayList<>();
    for (Declarations.SizeLimit limit : context.declarations().sizes()) {
      context
          .table(limit.table())
          .ifPresent(
              table ->
                  looks.add(new Look.Search(table, rows -> size(context, rows, table, limit))));
    }
    context
        .catalogue(CONDITION, row -> condition(row, context.scope()), context.scope().oids())
        .stream()
        .flatMap(Optional::stream)
        .forEach(looks::add);
    return looks;
  }

  private static List<Finding> size(
      RuleContext context, Rows rows, Table table, Declarations.SizeLimit limit)
      throws SQLException {
    // The root of a partitioned table takes no space itself.
    long over =
        rows.count(
            """
            select (coalesce((select sum(pg_total_relation_size(t.relid))
                                from pg_partition_tree(r.oid) as t),
                             pg_total_relation_size(r.oid)) - pg_size_bytes(%s))::int8
              from (select %s::regclass as oid) as r
            """
                .formatted(Sql.literal(limit.max()), Sql.literal(table.sql())));
    return over <= 0
        ? List.of()
        : List.of(
            finding(
                context.severity(table, limit.severity(), Severity.WARNING),
                table.name(),
                "%s takes %d bytes more than %s".formatted(table.name(), over, limit.max()),
                null));
  }

  private static Optional<Look> condition(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> found = scope.table(row.getLong("oid"));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Table table = found.get();
    long age = row.getLong("age");
    long dead = row.getLong("dead");
    List<Finding> findings = new ArrayList<>();
    if (age > HALF_WAY_TO_WRAPAROUND) {
      findings.add(
          finding(
              Severity.ERROR,
              table.name(),
              "%s holds rows that are %d transactions old; at 2 thousand million the server stops"
                  .formatted(table.name(), age),
              "vacuum (freeze) %s;".formatted(table.sql())));
    }
    if (dead > FEW && dead * 4 > row.getLong("live")) {
      findings.add(
          finding(
              Severity.WARNING,
              table.name(),
              "%s holds about %d dead rows, more than a fifth of all".formatted(table.name(), dead),
              "vacuum %s;".formatted(table.sql())));
    }
    return Optional.of(new Look.Known(table, findings));
  }

  private static Finding finding(
      Severity severity, TableName table, String message, @Nullable String remedy) {
    return new Finding(severity, table, null, 0, message, List.of(), remedy);
  }
}
