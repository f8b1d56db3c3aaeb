package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows that are kept too long, and times without any. */
final class DataRetention implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "data_retention",
          "Rows are kept as long as declared",
          Category.BUSINESS_LOGIC,
          Severity.WARNING,
          "Rows older than the declared period, and stretches of time without a row that are"
              + " longer than declared.",
          "What should have been deleted is a liability, and a gap in what should be there is"
              + " found when somebody needs it.",
          "Run or mend the job that deletes; look for what stopped writing.",
          CostClass.SORT,
          new Example(
"""
data_retention:
  - { table: access_log, column: at, keep: 90 days, every: 1 day }
""",
"""
create table access_log (id int primary key, at timestamptz);
insert into access_log values (1, now() - interval '1 year'), (2, now() - interval '9 days'), (3, now());
"""),
          new Example(
"""
data_retention:
  - { table: access_log, column: at, keep: 90 days, every: 1 day }
""",
"""
create table access_log (id int primary key, at timestamptz);
insert into access_log select n, now() - n * interval '12 hours' from generate_series(1, 20) as n;
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    List<Look> looks = new ArrayList<>();
    for (Declarations.Retention declared : context.declarations().retentions()) {
      Optional<Table> table = context.table(declared.table());
      if (table.isPresent()) {
        tooOld(context, table.get(), declared).ifPresent(looks::add);
        missing(context, table.get(), declared).ifPresent(looks::add);
      }
    }
    return looks;
  }

  private static Optional<Look> tooOld(
      RuleContext context, Table table, Declarations.Retention declared) {
    String keep = declared.keep();
    if (keep == null) {
      return Optional.empty();
    }
    String where =
        "c.%s < now() - interval %s".formatted(Sql.name(declared.column()), Sql.literal(keep));
    return Optional.of(
        Look.Condition.on(
            table,
            table.ownRows(),
            where,
            evidence ->
                new Finding(
                    severity(context, table, declared),
                    table.name(),
                    declared.column(),
                    evidence.rows(),
                    "%d rows of %s are older than %s"
                        .formatted(evidence.rows(), table.name(), keep),
                    evidence.keys(),
                    "delete from %s as c where %s;".formatted(table.ownRows(), where))));
  }

  private static Optional<Look> missing(
      RuleContext context, Table table, Declarations.Retention declared) {
    String every = declared.every();
    if (every == null) {
      return Optional.empty();
    }
    String column = Sql.name(declared.column());
    String gaps =
        """
        select count(*) from (
          select c.%s as at, lag(c.%s) over (order by c.%s) as before from %s as c) as g
         where at - before > interval %s
        """
            .formatted(column, column, column, table.ownRows(), Sql.literal(every));
    return Optional.of(
        Look.Search.whole(table, rows -> gaps(context, table, declared, rows.count(gaps))));
  }

  private static List<Finding> gaps(
      RuleContext context, Table table, Declarations.Retention declared, long gaps) {
    return gaps == 0
        ? List.of()
        : List.of(
            new Finding(
                severity(context, table, declared),
                table.name(),
                declared.column(),
                0,
                "%s has %d stretches of more than %s without a row"
                    .formatted(table.name(), gaps, declared.every()),
                List.of(),
                null));
  }

  private static Severity severity(
      RuleContext context, Table table, Declarations.Retention declared) {
    return context.severity(table, declared.severity(), Severity.WARNING);
  }
}
