package io.whimbrel.validation.rule;

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
              + " CHECK (column IS NOT NULL) is NOT VALID or NOT ENFORCED.",
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
  public List<Finding> check(RuleContext context) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (Check check :
        context.subjects(Check.NOT_GUARANTEED, Check::read, context.scope().oids())) {
      String column = check.notNullColumn();
      if (column != null) {
        context.look(check.table(), () -> look(context, check, column, findings));
      }
    }
    return findings;
  }

  private static void look(RuleContext context, Check check, String column, List<Finding> findings)
      throws SQLException {
    String where = column + " is null";
    context
        .evidence(check.table(), check.from(), where)
        .ifPresent(
            evidence ->
                findings.add(
                    new Finding(
                        context.severity(check.table(), Severity.ERROR),
                        check.table().name(),
                        check.name(),
                        evidence.rows(),
                        "%d rows of %s have NULL in column %s"
                            .formatted(evidence.rows(), check.table().name(), column),
                        evidence.keys(),
                        check.remedy(where))));
  }
}
