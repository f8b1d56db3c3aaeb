package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.List;

/** What tables say of each other. */
final class DataConsistency implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "data_consistency",
          "Tables agree with each other",
          Category.BUSINESS_LOGIC,
          Severity.ERROR,
          "Declared assertions across tables, as queries that return the wrong rows or one boolean:"
              + " sums that must equal, counters that must fit, copies that must not differ.",
          "Each table may be right by itself while the two disagree, and every report depends on"
              + " which one was read.",
          "Find out which table is right; the query stands in the finding.",
          CostClass.JOIN,
          new Example(
"""
data_consistency:
  - id: total_is_sum_of_lines
    sql: |
      select i.id from invoice i
       where i.total <> (select coalesce(sum(l.amount), 0) from line l where l.invoice_id = i.id)
    key: [id]
    tables: [invoice, line]
""",
"""
create table invoice (id int primary key, total numeric);
create table line (id int primary key, invoice_id int references invoice, amount numeric);
insert into invoice values (1, 30), (2, 5);
insert into line values (1, 1, 10), (2, 1, 20), (3, 2, 4);
"""),
          new Example(
"""
data_consistency:
  - id: total_is_sum_of_lines
    sql: |
      select i.id from invoice i
       where i.total <> (select coalesce(sum(l.amount), 0) from line l where l.invoice_id = i.id)
    key: [id]
    tables: [invoice, line]
""",
"""
create table invoice (id int primary key, total numeric);
create table line (id int primary key, invoice_id int references invoice, amount numeric);
insert into invoice values (1, 30);
insert into line values (1, 1, 10), (2, 1, 20);
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    return DeclaredAssertions.looks(context, context.declarations().assertions());
  }
}
