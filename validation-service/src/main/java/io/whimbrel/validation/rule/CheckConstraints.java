package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows for which a CHECK is false that PostgreSQL does not guarantee. */
final class CheckConstraints implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "check_constraints",
          "CHECK constraints hold",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Rows that break a CHECK which is NOT VALID or NOT ENFORCED, of the table or of the"
              + " domain of a column.",
          "The next update of such a row fails, whatever it changes, and so does VALIDATE"
              + " CONSTRAINT.",
          "Mend the rows or the condition, then validate the constraint.",
          CostClass.SCAN,
          new Example(
"""
create table payment (id int primary key, amount numeric);
insert into payment values (1, -5);
alter table payment add constraint amount_positive check (amount > 0) not valid;
"""),
          new Example(
"""
create table payment (id int primary key, amount numeric);
insert into payment values (1, 5);
alter table payment add constraint amount_positive check (amount > 0) not valid;
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Finding> check(RuleContext context) throws SQLException {
    Long[] scope = context.scope().oids();
    List<Finding> findings = new ArrayList<>();
    for (Check check : context.subjects(Check.NOT_GUARANTEED, Check::read, scope)) {
      String expression = check.expression();
      if (expression != null && check.notNullColumn() == null) {
        context.look(check.table(), () -> look(context, check, expression, findings));
      }
    }
    for (DomainCheck check :
        context.subjects(DomainCheck.NOT_GUARANTEED, DomainCheck::read, scope)) {
      context.look(check.table(), () -> look(context, check, findings));
    }
    return findings;
  }

  private static void look(
      RuleContext context, Check check, String expression, List<Finding> findings)
      throws SQLException {
    String where = "(" + expression + ") is false";
    context
        .evidence(check.table(), check.from(), where)
        .ifPresent(
            evidence ->
                findings.add(
                    finding(context, check.table(), check.name(), evidence, check.remedy(where))));
  }

  private static void look(RuleContext context, DomainCheck check, List<Finding> findings)
      throws SQLException {
    String wrong = " from " + check.from() + " where (" + check.expression() + ") is false";
    long rows = context.count("select count(*)" + wrong);
    if (rows > 0) {
      Evidence evidence = new Evidence(rows, context.keys(check.table(), check.keys() + wrong));
      findings.add(finding(context, check.table(), check.name(), evidence, check.validate()));
    }
  }

  private static Finding finding(
      RuleContext context, Table table, String constraint, Evidence evidence, String remedy) {
    return new Finding(
        context.severity(table, Severity.ERROR),
        table.name(),
        constraint,
        evidence.rows(),
        "%d rows of %s break the check %s".formatted(evidence.rows(), table.name(), constraint),
        evidence.keys(),
        remedy);
  }
}
