package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Indexes that cost more than they give, and those that are missing. */
final class IndexEfficiency implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "index_efficiency",
          "Indexes are worth their keep",
          Category.PERFORMANCE,
          Severity.WARNING,
          "Indexes that are invalid, that are the same as another, whose columns another one"
              + " starts with, or that nobody has used for a week (of more than 1 MB); foreign keys"
              + " without an index on the child.",
          "Every index is written with every row. A foreign key without one makes each deletion"
              + " of a parent read the whole child.",
          "Drop what is superfluous, without blocking others; build what is missing.",
          CostClass.CATALOGUE,
          new Example(
"""
create table customer (id int primary key);
create table orders (id int primary key, customer_id int references customer, at date, state text);
create index orders_at on orders (at);
create index orders_at_again on orders (at);
create index orders_at_state on orders (at, state);
"""),
          new Example(
"""
create table customer (id int primary key);
create table orders (id int primary key, customer_id int references customer, at date, state text);
create index orders_customer on orders (customer_id);
create index orders_at_state on orders (at, state);
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    Long[] touched = context.scope().touchedOids();
    List<Look> looks = new ArrayList<>();
    context.subjects(IndexFault.OF_INDEXES, IndexFault::read, touched).stream()
        .map(IndexEfficiency::known)
        .forEach(looks::add);
    context.subjects(IndexFault.MISSING, IndexFault::read, touched).stream()
        .map(IndexEfficiency::known)
        .forEach(looks::add);
    return looks;
  }

  private static Look known(IndexFault index) {
    String fault = index.fault();
    return new Look.Known(
        index.table(),
        fault == null
            ? List.of()
            : List.of(
                new Finding(
                    Severity.WARNING,
                    index.table().name(),
                    index.name(),
                    0,
                    index.name() + " " + fault,
                    List.of(),
                    index.remedy())));
  }
}
