package io.whimbrel.executor.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Statements;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.RehearsedDatabase;
import io.whimbrel.executor.schema.Structure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The safer scripts that the catalogue offers run, and come to the same as what they stand for. */
class SaferScriptsIT {
  private static final String EMPTY = "drop schema public cascade; create schema public";

  /** The rules whose bad example has a safer script. */
  static final List<String> OFFERED =
      List.of(
          "check-validated-at-once",
          "column-renamed",
          "constraint-builds-index",
          "foreign-key-validated-at-once",
          "index-dropped-under-lock",
          "index-without-concurrently",
          "not-null-checks-all-rows",
          "partition-detached-under-lock",
          "reindex-under-lock",
          "table-renamed",
          "type-change-rewrites",
          "view-refreshed-under-lock",
          "volatile-default-rewrites");

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void everySaferScriptReachesTheStructureOfTheBadExample(int version) throws SQLException {
    try (RehearsedDatabase database = RehearsedDatabase.on(version, "select 1")) {
      for (String rule : OFFERED) {
        reachesTheSame(database, RiskRules.find(rule).orElseThrow());
      }
    }
  }

  private static void reachesTheSame(RehearsedDatabase database, RiskRule rule)
      throws SQLException {
    List<String> scripts = new ArrayList<>(rule.bad().scripts());
    String before = scripts.size() > 1 ? scripts.remove(0) : "select 1";
    start(database, before);
    RehearsalReport report = database.rehearse(scripts.toArray(String[]::new));
    Map<String, String> safer = new TreeMap<>();
    for (RiskFinding finding : Risks.of(report, TargetTables.UNKNOWN)) {
      if (finding.safer() != null) {
        safer.putIfAbsent(finding.migration() + " " + finding.statement(), finding.safer());
      }
    }
    assertThat(safer).as(rule.id()).isNotEmpty();
    Structure bad = reached(database, before, scripts, Map.of());
    Structure good = reached(database, before, scripts, safer);
    assertThat(bad.differences(good)).as("%s: %s", rule.id(), safer).isEmpty();
  }

  private static Structure reached(
      RehearsedDatabase database, String before, List<String> scripts, Map<String, String> safer)
      throws SQLException {
    start(database, before);
    for (int i = 0; i < scripts.size(); i++) {
      String name = "V" + (i + 1) + "__test.sql";
      for (Statement statement : Statements.of(name, scripts.get(i))) {
        String instead = safer.get(name + " " + statement.number());
        for (Statement each :
            Statements.of(name, Objects.requireNonNullElse(instead, statement.sql()))) {
          database.run(each.sql());
        }
      }
    }
    if (!safer.isEmpty()) {
      // Under its new name by then, which is what programs have changed over to.
      database.run(
          "do $$ begin alter table users rename column age_new to age;"
              + " exception when undefined_table or undefined_column then null; end $$");
      // Which a detachment under lock does not leave; the script says so.
      database.run("alter table if exists may drop constraint if exists may_day_check");
    }
    return database.structure();
  }

  private static void start(RehearsedDatabase database, String before) throws SQLException {
    database.run(EMPTY);
    database.run(before);
  }
}
