package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Duplicates under a unique index that is invalid. */
final class UniqueConstraints implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "unique_constraints",
          "Unique indexes hold",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Rows with the same key under a unique index that is invalid, as an interrupted CREATE"
              + " UNIQUE INDEX CONCURRENTLY leaves it. An invalid index without duplicates warns.",
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
  public List<Finding> check(RuleContext context) throws SQLException {
    List<UniqueIndex> indexes =
        context.subjects(UniqueIndex.INVALID, UniqueIndex::read, context.scope().oids());
    List<Finding> findings = new ArrayList<>();
    for (UniqueIndex index : indexes) {
      context.look(index.table(), () -> findings.add(look(context, index)));
    }
    return findings;
  }

  private static Finding look(RuleContext context, UniqueIndex index) throws SQLException {
    long rows = context.count("select coalesce(sum(n), 0) from (" + index.duplicates() + ") as g");
    List<Map<String, String>> keys =
        rows == 0 ? List.of() : context.keys(index.table(), index.duplicatedRows());
    return new Finding(
        rows == 0 ? Severity.WARNING : context.severity(index.table(), Severity.ERROR),
        index.table().name(),
        index.name(),
        rows,
        rows == 0
            ? "unique index %s is invalid; there are no duplicates".formatted(index.name())
            : "%d rows of %s share their key under unique index %s, which is invalid"
                .formatted(rows, index.table().name(), index.name()),
        keys,
        remedy(index));
  }

  private static String remedy(UniqueIndex index) {
    return index.table().partitioned()
        ? "-- build the index on every partition, then: alter index %s attach partition ..."
            .formatted(index.sql())
        : "reindex index concurrently %s;".formatted(index.sql());
  }
}
