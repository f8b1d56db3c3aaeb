package io.whimbrel.validation.rule;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Duplicates under a unique index. */
final class UniqueConstraints implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "unique_constraints",
          "Unique indexes hold",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Rows with the same key under a unique index that is invalid, as an interrupted CREATE"
              + " UNIQUE INDEX CONCURRENTLY leaves it. An invalid index without duplicates warns."
              + " Before a run, rows with the same values in columns that its plan makes unique,"
              + " which warn. In full mode every unique index, which finds those that are corrupt.",
          "An invalid unique index is not used for reading and does not vouch for the rows that"
              + " were there before it.",
          "Remove the duplicates, then rebuild the index.",
          CostClass.SORT,
          new Example(
"""
create table ticket (event text, seat int) partition by list (event);
create table ticket_opera partition of ticket for values in ('opera');
-- On the parent alone the index is invalid until each partition has its own.
create unique index seat_taken_once on only ticket (event, seat);
insert into ticket values ('opera', 7), ('opera', 7);
"""),
          new Example(
"""
create table ticket (event text, seat int) partition by list (event);
create table ticket_opera partition of ticket for values in ('opera');
create unique index seat_taken_once on ticket (event, seat);
insert into ticket values ('opera', 7), ('opera', 8);
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    String wanted = context.mode() == Mode.FULL ? UniqueIndex.ALL : UniqueIndex.INVALID;
    List<Look> looks = new ArrayList<>();
    for (UniqueIndex index : context.subjects(wanted, UniqueIndex::read, context.scope().oids())) {
      looks.add(Look.Search.whole(index.table(), rows -> look(context, rows, index)));
    }
    for (Planned planned : context.planned(PlannedChange.Kind.UNIQUE)) {
      List<Planned.Column> columns = planned.columns(context);
      if (!columns.isEmpty()) {
        UniqueIndex index = UniqueIndex.planned(planned, columns);
        looks.add(Look.Search.whole(index.table(), rows -> look(rows, planned, index)));
      }
    }
    return looks;
  }

  private static List<Finding> look(Rows rows, Planned planned, UniqueIndex index)
      throws SQLException {
    long wrong = index.duplicates().count(rows).rows();
    if (wrong == 0) {
      return List.of();
    }
    Table table = index.table();
    String columns = String.join(", ", planned.change().columns());
    return List.of(
        planned.finding(
            new Evidence(wrong, rows.keys(table, index.duplicatedRows())),
            columns,
            "%d rows of %s share their %s, which is to be unique"
                .formatted(wrong, table.name(), columns),
            "select %1$s, count(*) from %2$s group by %1$s having count(*) > 1;"
                .formatted(String.join(", ", index.keys()), table.sql())));
  }

  private static List<Finding> look(RuleContext context, Rows rows, UniqueIndex index)
      throws SQLException {
    long wrong = index.duplicates().count(rows).rows();
    if (wrong == 0 && index.valid()) {
      return List.of();
    }
    List<Map<String, String>> keys =
        wrong == 0 ? List.of() : rows.keys(index.table(), index.duplicatedRows());
    return List.of(
        new Finding(
            wrong == 0 ? Severity.WARNING : context.severity(index.table(), Severity.ERROR),
            index.table().name(),
            index.name(),
            wrong,
            message(index, wrong),
            keys,
            remedy(index)));
  }

  private static String message(UniqueIndex index, long rows) {
    return rows == 0
        ? "unique index %s is invalid; there are no duplicates".formatted(index.name())
        : "%d rows of %s share their key under unique index %s, which is %s"
            .formatted(
                rows,
                index.table().name(),
                index.name(),
                index.valid() ? "valid and so must be corrupt" : "invalid");
  }

  private static String remedy(UniqueIndex index) {
    return index.table().partitioned()
        ? "-- build the index on every partition, then: alter index %s attach partition ..."
            .formatted(index.sql())
        : "reindex index concurrently %s;".formatted(index.sql());
  }
}
