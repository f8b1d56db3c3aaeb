package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
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
              + " sums that must equal, counters that must fit, copies that must not differ; with"
              + " sameAs, queries that must return after a run what they returned before. And,"
              + " undeclared, after a run: rows that it wrote in tables which it was not known to"
              + " touch, say by a trigger, and tables that were altered or dropped though its plan"
              + " did not touch them; these warn. Rows are told to be the run's by the transactions"
              + " of its rows in the schema history, so what others write meanwhile is no finding."
              + " Not seen: rows that the run deleted there, what scripts outside a transaction and"
              + " all but the last batch of a batched one wrote, and tables of more than 10 million"
              + " rows.",
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
    List<Look> looks =
        new ArrayList<>(DeclaredAssertions.looks(context, context.declarations().assertions()));
    looks.addAll(UntouchedTables.looks(context));
    return looks;
  }
}
