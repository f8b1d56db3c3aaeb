package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Changes without a record, and records out of order. */
final class AuditTrail implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "audit_trail",
          "Every change has its record",
          Category.BUSINESS_LOGIC,
          Severity.ERROR,
          "Declared audit tables: rows whose last change has no record, gaps in the numbers of"
              + " the records, and records whose time goes backwards.",
          "An audit trail with a hole proves nothing, and the hole is found by the auditor.",
          "Find the writer that goes around the trail; a migration that updates rows must write"
              + " its records too.",
          CostClass.SORT,
          new Example(
"""
audit_trail:
  - table: account
    key: [id]
    changedAt: updated_at
    audit: account_audit
    auditKey: [account_id]
    recordedAt: at
    sequence: seq
""",
"""
create table account (id int primary key, updated_at timestamptz);
create table account_audit (seq int primary key, account_id int, at timestamptz);
insert into account values (1, '2026-01-02'), (2, '2026-01-09');
insert into account_audit values (1, 1, '2026-01-02'), (2, 2, '2026-01-03'), (5, 1, '2026-01-01');
"""),
          new Example(
"""
audit_trail:
  - table: account
    key: [id]
    changedAt: updated_at
    audit: account_audit
    auditKey: [account_id]
    recordedAt: at
    sequence: seq
""",
"""
create table account (id int primary key, updated_at timestamptz);
create table account_audit (seq int primary key, account_id int, at timestamptz);
insert into account values (1, '2026-01-02'), (2, '2026-01-09');
insert into account_audit values (1, 1, '2026-01-02'), (2, 2, '2026-01-03'), (3, 2, '2026-01-09');
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    List<Look> looks = new ArrayList<>();
    for (Declarations.AuditTrail declared : context.declarations().audits()) {
      Optional<Table> table =
          context.table(declared.table()).or(() -> context.table(declared.audit()));
      if (table.isPresent()) {
        Severity severity = context.severity(table.get(), declared.severity(), Severity.ERROR);
        looks.add(
            Look.Search.whole(table.get(), rows -> unrecorded(context, rows, declared, severity)));
        if (declared.sequence() != null) {
          String sequence = Sql.name(declared.sequence());
          looks.add(
              Look.Search.whole(
                  table.get(), rows -> disorder(context, rows, declared, sequence, severity)));
        }
      }
    }
    return looks;
  }

  private static List<Finding> unrecorded(
      RuleContext context, Rows rows, Declarations.AuditTrail declared, Severity severity)
      throws SQLException {
    String from = context.declared().sql(declared.table()) + " as c";
    String sameRow =
        IntStream.range(0, declared.key().size())
            .mapToObj(
                i ->
                    "a.%s = c.%s"
                        .formatted(
                            Sql.name(declared.auditKey().get(i)), Sql.name(declared.key().get(i))))
            .collect(Collectors.joining(" and "));
    String where =
        "not exists (select from %s as a where %s and a.%s >= c.%s)"
            .formatted(
                context.declared().sql(declared.audit()),
                sameRow,
                Sql.name(declared.recordedAt()),
                Sql.name(declared.changedAt()));
    long wrong = rows.count("select count(*) from " + from + " where " + where);
    if (wrong == 0) {
      return List.of();
    }
    String keys =
        "select %s from %s where %s"
            .formatted(Sql.list(declared.key(), key -> "c." + Sql.name(key)), from, where);
    return List.of(
        new Finding(
            severity,
            context.declared().name(declared.table()),
            declared.changedAt(),
            wrong,
            "the last change of %d rows of %s has no record in %s"
                .formatted(wrong, declared.table(), declared.audit()),
            rows.keys(declared.key(), keys),
            "select c.* from " + from + " where " + where + ";"));
  }

  private static List<Finding> disorder(
      RuleContext context,
      Rows rows,
      Declarations.AuditTrail declared,
      String sequence,
      Severity severity)
      throws SQLException {
    Long[] counts =
        rows.counts(
            """
            select array[coalesce(sum(n - before - 1), 0)::int8,
                         count(*) filter (where at < earlier)]
              from (select a.%s as n, lag(a.%s) over w as before,
                           a.%s as at, lag(a.%s) over w as earlier
                      from %s as a window w as (order by a.%s)) as r
            """
                .formatted(
                    sequence,
                    sequence,
                    Sql.name(declared.recordedAt()),
                    Sql.name(declared.recordedAt()),
                    context.declared().sql(declared.audit()),
                    sequence));
    TableName audit = context.declared().name(declared.audit());
    List<Finding> findings = new ArrayList<>();
    if (counts[0] > 0) {
      findings.add(
          new Finding(
              severity,
              audit,
              declared.sequence(),
              counts[0],
              "%d numbers are missing among the records of %s".formatted(counts[0], audit),
              List.of(),
              null));
    }
    if (counts[1] > 0) {
      findings.add(
          new Finding(
              severity,
              audit,
              declared.recordedAt(),
              counts[1],
              "%d records of %s are earlier than the one before".formatted(counts[1], audit),
              List.of(),
              null));
    }
    return findings;
  }
}
