package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks what the owners of a target have declared as SQL. */
final class DeclaredAssertions {

  private DeclaredAssertions() {}

  static List<Look> looks(RuleContext context, List<Declarations.Assertion> assertions) {
    return assertions.stream()
        .filter(assertion -> inPhase(context, assertion) && inScope(context, assertion))
        .map(assertion -> look(context, assertion))
        .toList();
  }

  private static Look look(RuleContext context, Declarations.Assertion assertion) {
    Table subject = subject(context, assertion);
    return assertion.sameAs() == null
        ? new Look.Search(subject, rows -> ask(context, rows, assertion))
        : context.comparison(subject, key(assertion), rows -> compare(context, rows, assertion));
  }

  private static boolean inPhase(RuleContext context, Declarations.Assertion assertion) {
    List<String> phases = assertion.phases();
    String phase = context.phase().name().toLowerCase(Locale.ROOT);
    return phases == null || phases.isEmpty() || phases.contains(phase);
  }

  private static boolean inScope(RuleContext context, Declarations.Assertion assertion) {
    List<String> tables = assertion.tables();
    return tables == null
        || tables.isEmpty()
        || tables.stream().map(context::table).anyMatch(Optional::isPresent);
  }

  private static @Nullable Table subject(RuleContext context, Declarations.Assertion assertion) {
    List<String> tables = assertion.tables();
    return tables == null
        ? null
        : tables.stream().map(context::table).flatMap(Optional::stream).findFirst().orElse(null);
  }

  private static List<Finding> ask(RuleContext context, Rows rows, Declarations.Assertion assertion)
      throws SQLException {
    String result = prepare(context, rows, assertion);
    boolean yesOrNo = rows.returnsBoolean(result);
    String wrongOnes = yesOrNo ? " where w::text is distinct from '(t)'" : "";
    long wrong = rows.count("select count(*) from (" + result + ") as w" + wrongOnes);
    if (wrong == 0) {
      return List.of();
    }
    Table table = subject(context, assertion);
    Severity severity = assertion.severity() == null ? Severity.ERROR : assertion.severity();
    List<String> key = assertion.key();
    return List.of(
        new Finding(
            severity,
            table == null ? null : table.name(),
            assertion.id(),
            yesOrNo ? 0 : wrong,
            message(assertion, yesOrNo, wrong),
            yesOrNo || key == null || key.isEmpty()
                ? List.of()
                : rows.keys(
                    key, "select %s from (%s) as w".formatted(Sql.list(key, Sql::name), result)),
            yesOrNo ? null : assertion.sql().strip()));
  }

  /** A digest is kept, as the rows may hold what nobody else is to know. */
  private static List<Finding> compare(
      RuleContext context, Rows rows, Declarations.Assertion assertion) throws SQLException {
    String result = prepare(context, rows, assertion);
    String digest =
        rows.text(
            "select count(*) || '/' || coalesce(sum(hashtextextended(w::text, 0)::numeric), 0) from"
                + " (%s) as w".formatted(result));
    context.memory().note(key(assertion), digest);
    Optional<String> before = context.memory().recall(key(assertion));
    if (before.isEmpty() || before.get().equals(digest)) {
      return List.of();
    }
    Table table = subject(context, assertion);
    return List.of(
        new Finding(
            assertion.severity() == null ? Severity.ERROR : assertion.severity(),
            table == null ? null : table.name(),
            assertion.id(),
            0,
            named(assertion) + " does not return what it returned before",
            List.of(),
            assertion.sql().strip()));
  }

  private static String key(Declarations.Assertion assertion) {
    return "assertion:" + assertion.id();
  }

  /** The assertion's rows as a query. */
  private static String prepare(RuleContext context, Rows rows, Declarations.Assertion assertion)
      throws SQLException {
    rows.prepare(context.declared().schemas(), assertion.timeout());
    // A comment at the end of the SQL must not swallow the bracket.
    return "select * from (" + assertion.sql().replaceFirst(";\\s*$", "") + "\n) as r";
  }

  private static String message(Declarations.Assertion assertion, boolean yesOrNo, long wrong) {
    String what = named(assertion);
    return yesOrNo ? what + " does not hold" : what + " does not hold for %d rows".formatted(wrong);
  }

  private static String named(Declarations.Assertion assertion) {
    return assertion.description() == null
        ? assertion.id()
        : assertion.id() + " (" + assertion.description().strip() + ")";
  }
}
