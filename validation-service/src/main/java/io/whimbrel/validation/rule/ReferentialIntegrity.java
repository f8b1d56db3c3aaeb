package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows that refer, as declared or by the look of a column, to a row that is not there. */
final class ReferentialIntegrity implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "referential_integrity",
          "References without a foreign key lead somewhere",
          Category.DATA_INTEGRITY,
          Severity.WARNING,
          "Rows whose columns refer to no row: columns that are declared as a reference; and, as a"
              + " warning, a column that looks like one because it is named after another table of"
              + " its schema (customer_id, customers) or like that table's primary key, has its"
              + " type, and is under no foreign key.",
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
    Set<String> declared = new HashSet<>();
    for (Declarations.Reference reference : context.declarations().references()) {
      Optional<Table> child = context.table(reference.table());
      if (child.isPresent()) {
        declared.add(child.get().oid() + "." + reference.columns());
        looks.add(
            Look.Search.whole(
                child.get(), rows -> declared(context, rows, child.get(), reference)));
      }
    }
    for (InferredReference reference :
        context.subjects(InferredReference.BY_NAME, InferredReference::read, scope, scope)) {
      if (!declared.contains(reference.child().oid() + "." + List.of(reference.column()))) {
        looks.add(Look.Search.whole(reference.child(), rows -> look(rows, reference)));
      }
    }
    return looks;
  }

  private static List<Finding> declared(
      RuleContext context, Rows rows, Table child, Declarations.Reference reference)
      throws SQLException {
    String from = child.ownRows() + " as c";
    String same =
        IntStream.range(0, reference.columns().size())
            .mapToObj(
                i ->
                    "p.%s = c.%s"
                        .formatted(
                            Sql.name(reference.parentColumns().get(i)),
                            Sql.name(reference.columns().get(i))))
            .collect(Collectors.joining(" and "));
    String where =
        "%s and not exists (select from %s as p where %s)"
            .formatted(
                Sql.all(reference.columns(), column -> "c." + Sql.name(column) + " is not null"),
                context.declared().sql(reference.parent()),
                same);
    Evidence evidence = rows.evidence(child, from, where);
    if (evidence.rows() == 0) {
      return List.of();
    }
    String columns = String.join(", ", reference.columns());
    return List.of(
        new Finding(
            context.severity(child, reference.severity(), Severity.ERROR),
            child.name(),
            columns,
            evidence.rows(),
            "%d rows of %s have a %s that is not in %s"
                .formatted(evidence.rows(), child.name(), columns, reference.parent()),
            evidence.keys(),
            "select c.* from %s where %s;".formatted(from, where)));
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
