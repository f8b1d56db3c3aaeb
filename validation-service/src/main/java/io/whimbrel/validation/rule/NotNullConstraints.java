package io.whimbrel.validation.rule;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** NULLs where NOT NULL is declared but not guaranteed. */
final class NotNullConstraints implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "not_null_constraints",
          "Columns declared NOT NULL hold no NULL",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "NULLs in columns whose NOT NULL is NOT VALID (PostgreSQL 18), or whose"
              + " CHECK (column IS NOT NULL) is NOT VALID or NOT ENFORCED; before a run, in"
              + " columns that its plan makes NOT NULL, which warn, as the plan may fill them in"
              + " first; in full mode in every column that is NOT NULL.",
          "Programs rely on the declaration; the rows that were there before it was made were"
              + " never looked at.",
          "Fill the column in or remove the rows, then validate the constraint.",
          CostClass.SCAN,
          new Example(
"""
create table account (id int primary key, mail text);
insert into account values (1, null);
alter table account add constraint mail_given check (mail is not null) not valid;
"""),
          new Example(
"""
create table account (id int primary key, mail text);
insert into account values (1, 'ada@example.org');
alter table account add constraint mail_given check (mail is not null) not valid;
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    Long[] scope = context.scope().oids();
    boolean full = context.mode() == Mode.FULL;
    List<Look> looks = new ArrayList<>();
    for (Check check :
        context.subjects(full ? Check.ALL : Check.NOT_GUARANTEED, Check::read, scope)) {
      String column = check.notNullColumn();
      if (column != null) {
        String where = column + " is null";
        looks.add(
            Look.Condition.on(
                check.table(),
                check.from(),
                where,
                evidence ->
                    finding(
                        context,
                        check.table(),
                        check.name(),
                        column,
                        evidence,
                        check.remedy(where))));
      }
    }
    for (Planned planned : context.planned(PlannedChange.Kind.NOT_NULL)) {
      planned.columns(context).forEach(column -> looks.add(planned(planned, column)));
    }
    if (full) {
      context.subjects(GuaranteedColumn.ALL, GuaranteedColumn::read, scope).stream()
          .map(column -> look(context, column))
          .forEach(looks::add);
    }
    return looks;
  }

  private static Look planned(Planned planned, Planned.Column column) {
    Table table = planned.table();
    String where = "num_nulls(c.%s) > 0".formatted(column.sql());
    return Look.Condition.on(
        table,
        table.sql(),
        where,
        evidence ->
            planned.finding(
                evidence,
                column.name(),
                "%d rows of %s have NULL in column %s, which is to be NOT NULL"
                    .formatted(evidence.rows(), table.name(), column.name()),
                "select * from %s as c where %s;".formatted(table.sql(), where)));
  }

  private static Look look(RuleContext context, GuaranteedColumn column) {
    return Look.Condition.on(
        column.table(),
        column.table().ownRows(),
        column.isNull(),
        evidence ->
            finding(
                context,
                column.table(),
                column.name(),
                column.sql(),
                evidence,
                "select * from %s as c where %s;"
                    .formatted(column.table().ownRows(), column.isNull())));
  }

  private static Finding finding(
      RuleContext context,
      Table table,
      String subject,
      String column,
      Evidence evidence,
      String remedy) {
    return new Finding(
        context.severity(table, Severity.ERROR),
        table.name(),
        subject,
        evidence.rows(),
        "%d rows of %s have NULL in column %s".formatted(evidence.rows(), table.name(), column),
        evidence.keys(),
        remedy);
  }
}
