package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows that refer, by the look of a column's name and type, to a row that is not there. */
final class ReferentialIntegrity implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "referential_integrity",
          "References without a foreign key lead somewhere",
          Category.DATA_INTEGRITY,
          Severity.WARNING,
          "Rows whose column refers to no row, where the column is named after another table of"
              + " its schema (customer_id, customers) or like that table's primary key, has its"
              + " type, and is under no foreign key. The reference is inferred, so it only warns.",
          "A reference that PostgreSQL does not know of loses its rows in silence when the parent"
              + " is deleted.",
          "Mend the rows, then declare the reference as a foreign key.",
          CostClass.JOIN,
          new Example(
"""
create table customers (id int primary key);
create table orders (id int primary key, customer_id int);
insert into orders values (1, 42);
"""),
          new Example(
"""
create table customers (id int primary key);
create table orders (id int primary key, customer_id int);
insert into customers values (42);
insert into orders values (1, 42);
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    Long[] scope = context.scope().oids();
    List<Look> looks = new ArrayList<>();
    for (InferredReference reference :
        context.subjects(InferredReference.BY_NAME, InferredReference::read, scope, scope)) {
      looks.add(new Look.Search(reference.child(), rows -> look(rows, reference)));
    }
    return looks;
  }

  private static List<Finding> look(Rows rows, InferredReference reference) throws SQLException {
    Table child = reference.child();
    Evidence evidence = rows.evidence(child, reference.children(), reference.withoutParent());
    if (evidence.rows() == 0) {
      return List.of();
    }
    String message =
        "%d rows of %s have a %s that is not in %s"
            .formatted(evidence.rows(), child.name(), reference.column(), reference.parentName());
    return List.of(
        new Finding(
            Severity.WARNING,
            child.name(),
            reference.column(),
            evidence.rows(),
            message,
            evidence.keys(),
            remedy(reference)));
  }

  private static String remedy(InferredReference reference) {
    return "select c.* from %s where %s;\nalter table %s add foreign key (%s) references %s (%s) not valid;"
        .formatted(
            reference.children(),
            reference.withoutParent(),
            reference.child().sql(),
            reference.columnSql(),
            reference.parentSql(),
            reference.parentKey());
  }
}
