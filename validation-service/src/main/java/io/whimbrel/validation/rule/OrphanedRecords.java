package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows that nobody refers to where somebody must, and rows that belong to one of many tables. */
final class OrphanedRecords implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "orphaned_records",
          "Every record belongs somewhere",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Rows of a table to which, as declared, somebody must refer and nobody does; and rows"
              + " that refer to one of several tables, by a column that names the table and one"
              + " that names the row, and miss it.",
          "No foreign key can say either of this, so nothing but a look finds what an incomplete"
              + " deletion left behind.",
          "Remove the rows, or restore what they belong to.",
          CostClass.JOIN,
          new Example(
              """
              orphaned_records:
                - table: address
                  key: id
                  referredToBy: [ { table: customer, column: address_id } ]
                - table: comment
                  typeColumn: subject_type
                  idColumn: subject_id
                  parents: { post: { table: post, column: id } }
              """,
              """
              create table address (id int primary key);
              create table customer (id int primary key, address_id int references address);
              create table post (id int primary key);
              create table comment (id int primary key, subject_type text, subject_id int);
              insert into address values (1), (2);
              insert into customer values (1, 1);
              insert into post values (1);
              insert into comment values (1, 'post', 1), (2, 'post', 42), (3, 'photo', 1);
              """),
          new Example(
              """
              orphaned_records:
                - table: address
                  key: id
                  referredToBy: [ { table: customer, column: address_id } ]
                - table: comment
                  typeColumn: subject_type
                  idColumn: subject_id
                  parents: { post: { table: post, column: id } }
              """,
              """
              create table address (id int primary key);
              create table customer (id int primary key, address_id int references address);
              create table post (id int primary key);
              create table comment (id int primary key, subject_type text, subject_id int);
              insert into address values (1);
              insert into customer values (1, 1);
              insert into post values (1);
              insert into comment values (1, 'post', 1);
              """));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    List<Look> looks = new ArrayList<>();
    for (Declarations.Belonging declared : context.declarations().belongings()) {
      Optional<Table> table = context.table(declared.table());
      if (table.isPresent()) {
        looks.add(look(context, table.get(), declared));
      }
    }
    return looks;
  }

  private static Look look(RuleContext context, Table table, Declarations.Belonging declared) {
    String key = declared.key();
    String idColumn = declared.idColumn();
    String subject = key != null ? key : idColumn;
    String where =
        key != null
            ? nobodyRefersTo(context, key, orNone(declared.referredToBy()))
            : refersToNothing(context, declared);
    String what = key != null ? "that nobody refers to" : "that refer to nothing";
    return Look.Search.whole(
        table,
        rows -> {
          Evidence evidence = rows.evidence(table, table.ownRows() + " as c", where);
          return evidence.rows() == 0
              ? List.of()
              : List.of(
                  new Finding(
                      context.severity(table, declared.severity(), Severity.ERROR),
                      table.name(),
                      subject,
                      evidence.rows(),
                      "%s has %d rows %s".formatted(table.name(), evidence.rows(), what),
                      evidence.keys(),
                      "select c.* from %s as c where %s;".formatted(table.ownRows(), where)));
        });
  }

  private static String nobodyRefersTo(
      RuleContext context, String key, List<Declarations.End> ends) {
    return ends.stream()
        .map(
            end ->
                "not exists (select from %s as r where r.%s = c.%s)"
                    .formatted(
                        context.declared().sql(end.table()), Sql.name(end.column()), Sql.name(key)))
        .collect(Collectors.joining(" and "));
  }

  private static String refersToNothing(RuleContext context, Declarations.Belonging declared) {
    String type = "c." + Sql.name(String.valueOf(declared.typeColumn()));
    String id = "c." + Sql.name(String.valueOf(declared.idColumn()));
    Map<String, Declarations.End> parents =
        declared.parents() == null ? Map.of() : declared.parents();
    String known = parents.keySet().stream().map(Sql::literal).collect(Collectors.joining(", "));
    String missing =
        parents.entrySet().stream()
            .map(
                parent ->
                    " or %s = %s and not exists (select from %s as p where p.%s::text = %s::text)"
                        .formatted(
                            type,
                            Sql.literal(parent.getKey()),
                            context.declared().sql(parent.getValue().table()),
                            Sql.name(parent.getValue().column()),
                            id))
            .collect(Collectors.joining());
    return "%s is not null and (%s is null or %s not in (%s)%s)"
        .formatted(id, type, type, known, missing);
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
