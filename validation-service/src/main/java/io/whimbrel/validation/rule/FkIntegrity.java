package io.whimbrel.validation.rule;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Child rows without a parent. */
final class FkIntegrity implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "fk_integrity",
          "Foreign keys hold",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Child rows without a parent, for every foreign key that PostgreSQL does not guarantee:"
              + " NOT VALID, NOT ENFORCED or with disabled triggers; before a run for every one"
              + " that its plan adds, which warns; in full mode for every one.",
          "A foreign key that was added without looking at the rows that were there says nothing"
              + " about them: joins lose them, and VALIDATE CONSTRAINT will fail.",
          "Give the rows a parent or remove them, then validate the constraint.",
          CostClass.JOIN,
          new Example(
"""
create table customer (id int primary key);
create table invoice (id int primary key, customer_id int);
insert into invoice values (1, 42);
alter table invoice add constraint invoice_customer
  foreign key (customer_id) references customer not valid;
"""),
          new Example(
"""
create table customer (id int primary key);
create table invoice (id int primary key, customer_id int);
insert into customer values (42);
insert into invoice values (1, 42);
alter table invoice add constraint invoice_customer
  foreign key (customer_id) references customer not valid;
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    Long[] touched = context.scope().touchedOids();
    List<Look> looks = new ArrayList<>();
    for (ForeignKey key :
        context.subjects(ForeignKey.OF_TOUCHED, ForeignKey::read, touched, touched)) {
      if (key.state() != ForeignKey.State.GUARANTEED || context.mode() == Mode.FULL) {
        looks.add(
            context.mode() == Mode.SAMPLE
                ? withoutParent(key)
                : Look.Search.whole(key.child(), rows -> withoutParent(rows, key)));
        if (key.full() && key.childColumns().size() > 1) {
          looks.add(partlyNull(key));
        }
      }
    }
    for (Planned planned : context.planned(PlannedChange.Kind.FOREIGN_KEY)) {
      ForeignKey.planned(context, planned)
          .ifPresent(
              key ->
                  looks.add(Look.Search.whole(key.child(), rows -> planned(rows, planned, key))));
    }
    return looks;
  }

  private static List<Finding> planned(Rows rows, Planned planned, ForeignKey key)
      throws SQLException {
    Evidence evidence = rows.evidence(key.child(), key.children(), key.withoutParent());
    return evidence.rows() == 0
        ? List.of()
        : List.of(
            planned.finding(
                evidence,
                key.name(),
                "%d rows of %s have no parent in %s, to which %s is to refer"
                    .formatted(
                        evidence.rows(), key.child().name(), key.parent().name(), key.name()),
                "select c.* from %s where %s;".formatted(key.children(), key.withoutParent())));
  }

  private static List<Finding> withoutParent(Rows rows, ForeignKey key) throws SQLException {
    Evidence evidence = rows.evidence(key.child(), key.children(), key.withoutParent());
    return evidence.rows() == 0 ? List.of() : List.of(withoutParent(key, evidence));
  }

  /** Row by row, which is right for a few rows and slower than a join for all. */
  private static Look withoutParent(ForeignKey key) {
    return Look.Condition.on(
        key.child(),
        key.child().ownRows(),
        key.withoutParent(),
        evidence -> withoutParent(key, evidence));
  }

  private static Finding withoutParent(ForeignKey key, Evidence evidence) {
    String message =
        "%d rows of %s have no parent in %s"
            .formatted(evidence.rows(), key.child().name(), key.parent().name());
    return finding(key, evidence, key.withoutParent(), message);
  }

  private static Look partlyNull(ForeignKey key) {
    return Look.Condition.on(
        key.child(),
        key.child().ownRows(),
        key.partlyNull(),
        evidence ->
            finding(
                key,
                evidence,
                key.partlyNull(),
                "%d rows of %s have a key that is partly NULL, which MATCH FULL forbids"
                    .formatted(evidence.rows(), key.child().name())));
  }

  private static Finding finding(ForeignKey key, Evidence evidence, String where, String message) {
    return new Finding(
        Severity.ERROR,
        key.child().name(),
        key.name(),
        evidence.rows(),
        message,
        evidence.keys(),
        remedy(key, where));
  }

  private static String remedy(ForeignKey key, String where) {
    String show = "select c.* from %s where %s;".formatted(key.children(), where);
    return key.state() == ForeignKey.State.NOT_VALID
        ? show
            + "\n-- once these rows are mended:\n"
            + "alter table %s validate constraint %s;".formatted(key.child().sql(), key.sql())
        : show;
  }
}
