package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows for which a CHECK is false. */
final class CheckConstraints implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "check_constraints",
          "CHECK constraints hold",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Rows that break a CHECK which is NOT VALID or NOT ENFORCED, of the table or of the"
              + " domain of a column; in full mode any CHECK.",
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
  public List<Look> looks(RuleContext context) throws SQLException {
    Long[] scope = context.scope().oids();
    boolean full = context.mode() == Mode.FULL;
    List<Look> looks = new ArrayList<>();
    for (Check check :
        context.subjects(full ? Check.ALL : Check.NOT_GUARANTEED, Check::read, scope)) {
      String expression = check.expression();
      if (expression != null && check.notNullColumn() == null) {
        looks.add(look(context, check, "(" + expression + ") is false"));
      }
    }
    for (DomainCheck check :
        context.subjects(
            full ? DomainCheck.ALL : DomainCheck.NOT_GUARANTEED, DomainCheck::read, scope)) {
      looks.add(look(context, check));
    }
    return looks;
  }

  private static Look look(RuleContext context, Check check, String where) {
    return Look.Condition.on(
        check.table(),
        check.from(),
        where,
        evidence -> finding(context, check.table(), check.name(), evidence, check.remedy(where)));
  }

  private static Look look(RuleContext context, DomainCheck check) {
    return new Look.Condition(
        check.table(),
        check.from(),
        check.keys(),
        "(" + check.expression() + ") is false",
        evidence -> finding(context, check.table(), check.name(), evidence, check.validate()));
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
