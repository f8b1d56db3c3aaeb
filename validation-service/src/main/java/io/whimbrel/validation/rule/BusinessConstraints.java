package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.List;

/** What the owners of a target say must hold, in SQL. */
final class BusinessConstraints implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "business_constraints",
          "Declared business rules hold",
          Category.BUSINESS_LOGIC,
          Severity.ERROR,
          "Every declared query: one that returns the wrong rows must return none, one that"
              + " returns a boolean must return true.",
          "What a program takes for granted and no constraint can say is broken first by the"
              + " change that nobody thought of.",
          "Look at the rows that the query returns; it stands in the finding.",
          CostClass.JOIN,
          new Example(
"""
business_constraints:
  - id: discount_below_total
    description: a discount is less than what it is taken from
    sql: select id from orders where discount >= total
    key: [id]
    tables: [orders]
""",
"""
create table orders (id int primary key, total numeric, discount numeric);
insert into orders values (1, 10, 2), (2, 10, 12);
"""),
          new Example(
"""
business_constraints:
  - id: discount_below_total
    sql: select id from orders where discount >= total
    key: [id]
    tables: [orders]
  - { id: there_are_orders, sql: select count(*) > 0 from orders }
""",
"""
create table orders (id int primary key, total numeric, discount numeric);
insert into orders values (1, 10, 2);
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    return DeclaredAssertions.looks(context, context.declarations().constraints());
  }
}
