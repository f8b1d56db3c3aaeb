package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Statements that became slower since an earlier look. */
final class QueryPerformance implements Rule {
  private static final String RULES =
      """
      query_performance:
        - { factor: 3, calls: 5 }
      """;

  private static final String TABLE =
      """
      create extension if not exists pg_stat_statements;
      create table customer (id int primary key, mail text);
      insert into customer select n, 'mail' || n from generate_series(1, 100000) as n;
      create index customer_mail on customer (mail);
      analyze customer;
      """
          + "select id from customer where mail = 'mail7';\n".repeat(5);

  private static final String ASKED_AGAIN =
      "select id from customer where mail = 'mail8';\n".repeat(5);

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "query_performance",
          "Statements are as fast as before",
          Category.PERFORMANCE,
          Severity.WARNING,
          "Of the 100 statements that took the most time by pg_stat_statements: those whose calls"
              + " since the earlier look took more than twice their average before (10 calls at"
              + " least, and 1 ms more), and those for which the planner now"
              + " expects more than twice the cost under another plan. It compares the phase AFTER"
              + " with BEFORE, or a report with the one named by since; factor and calls can be"
              + " declared. Without the extension it is skipped.",
          "A dropped index, a new column type or a table that was rewritten and not analysed shows"
              + " in no constraint, only in the time of the statements that need it.",
          "Compare the two plans in the finding; create the index that is missing, or analyse the"
              + " table.",
          CostClass.CATALOGUE,
          new Example(RULES, TABLE, "drop index customer_mail;\n" + ASKED_AGAIN),
          new Example(RULES, TABLE, ASKED_AGAIN));

  private static final int MOST = 100;
  private static final double LEAST_MILLIS = 1;
  private static final double LEAST_COST = 100;

  // Statements of one kind only are planned, and only when they are one.
  private static final String STATEMENTS =
      """
      select queryid::text as id, sum(calls)::int8 as calls, sum(total_exec_time) as millis,
             min(query) as query,
             min(query) ~* '^\\s*(select|insert|update|delete|merge|with)\\y' and position(';' in min(query)) = 0
               as can_be_planned
        from %s.pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database())
         and queryid is not null and query not like '%%pg\\_stat\\_statements%%'
         and query ~* '^\\s*(select|insert|update|delete|merge|with)\\y'
       group by queryid
       order by sum(total_exec_time) desc
       limit %d
      """;

  /**
   * How a statement fares.
   *
   * @param cost as the planner expects it; negative if it was not asked
   * @param plan the nodes of its plan
   */
  private record State(long calls, double millis, double cost, String plan) {
    String noted() {
      return String.format(Locale.ROOT, "%d/%.3f/%.2f/%s", calls, millis, cost, plan);
    }

    static State parse(String noted) {
      String[] parts = noted.split("/", 4);
      return new State(
          Long.parseLong(parts[0]),
          Double.parseDouble(parts[1]),
          Double.parseDouble(parts[2]),
          parts[3]);
    }
  }

  private record Statement(String id, long calls, double millis, String query, boolean plannable) {
    static Statement read(ResultSet row) throws SQLException {
      return new Statement(
          row.getString("id"),
          row.getLong("calls"),
          row.getDouble("millis"),
          row.getString("query"),
          row.getBoolean("can_be_planned"));
    }
  }

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    Optional<String> schema =
        context
            .catalogue(
                "select format('%I', n.nspname) from pg_extension e join pg_namespace n on n.oid ="
                    + " e.extnamespace where e.extname = 'pg_stat_statements'",
                row -> row.getString(1))
            .stream()
            .findFirst();
    if (schema.isEmpty()) {
      context.skip(
          "extension pg_stat_statements is not there; name it in shared_preload_libraries and run:"
              + " create extension pg_stat_statements");
      return List.of();
    }
    if (!context
        .catalogue(
            "select pg_has_role(current_user, 'pg_read_all_stats', 'usage')",
            row -> row.getBoolean(1))
        .get(0)) {
      context.skip("no right to see statements of others; grant pg_read_all_stats to the role");
      return List.of();
    }
    return List.of(
        context.comparison(null, "statements", rows -> look(context, rows, schema.get())));
  }

  private static List<Finding> look(RuleContext context, Rows rows, String schema)
      throws SQLException {
    rows.prepare(context.declared().schemas(), null);
    rows.text("select set_config('plan_cache_mode', 'force_generic_plan', true)");
    List<Finding> findings = new ArrayList<>();
    context.memory().note("statements", "noted");
    for (Statement statement : rows.all(STATEMENTS.formatted(schema, MOST), Statement::read)) {
      Optional<QueryPlan> plan =
          statement.plannable() ? rows.plan(statement.query()) : Optional.empty();
      State now =
          new State(
              statement.calls(),
              statement.millis(),
              plan.map(QueryPlan::cost).orElse(-1.0),
              plan.map(QueryPlan::nodes).orElse(""));
      String key = "statement:" + statement.id();
      context.memory().note(key, now.noted());
      context
          .memory()
          .recall(key)
          .flatMap(
              before ->
                  compare(statement.id(), schema, State.parse(before), now, thresholds(context)))
          .ifPresent(findings::add);
    }
    return findings;
  }

  private static Optional<Finding> compare(
      String id, String schema, State before, State now, Thresholds thresholds) {
    Optional<String> slower =
        measured(before, now, thresholds).or(() -> expected(before, now, thresholds));
    return slower.map(
        how ->
            new Finding(
                Severity.WARNING,
                null,
                id,
                0,
                "statement " + id + " " + how + plans(before, now),
                List.of(),
                "select query from %s.pg_stat_statements where queryid = %s;"
                    .formatted(schema, id)));
  }

  private static Optional<String> measured(State before, State now, Thresholds thresholds) {
    long calls = now.calls() - before.calls();
    if (before.calls() < thresholds.calls() || calls < thresholds.calls()) {
      return Optional.empty();
    }
    double former = before.millis() / before.calls();
    double latter = (now.millis() - before.millis()) / calls;
    return latter > former * thresholds.factor() && latter - former > LEAST_MILLIS
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "took %.1f ms in its last %d calls and %.1f ms before",
                latter,
                calls,
                former))
        : Optional.empty();
  }

  private static Optional<String> expected(State before, State now, Thresholds thresholds) {
    boolean dearer =
        before.cost() >= 0
            && now.cost() > before.cost() * thresholds.factor()
            && now.cost() - before.cost() > LEAST_COST
            && !now.plan().equals(before.plan());
    return dearer
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "will take longer: the planner expects a cost of %.0f, %.0f before",
                now.cost(),
                before.cost()))
        : Optional.empty();
  }

  private static String plans(State before, State now) {
    return before.plan().equals(now.plan())
        ? ""
        : "; its plan was [%s] and is [%s]".formatted(before.plan(), now.plan());
  }

  private record Thresholds(double factor, long calls) {}

  private static Thresholds thresholds(RuleContext context) {
    List<Declarations.Slowness> declared = context.declarations().slowness();
    Declarations.Slowness last =
        declared.isEmpty()
            ? new Declarations.Slowness(null, null)
            : declared.get(declared.size() - 1);
    return new Thresholds(
        Objects.requireNonNullElse(last.factor(), 2.0),
        Objects.requireNonNullElse(last.calls(), 10L));
  }
}
