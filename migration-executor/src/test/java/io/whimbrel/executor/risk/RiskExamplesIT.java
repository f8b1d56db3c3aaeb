package io.whimbrel.executor.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.RehearsedDatabase;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule on its own examples, on the oldest and on the newest PostgreSQL. */
class RiskExamplesIT {
  private static final Map<Integer, RehearsedDatabase> DATABASES = new TreeMap<>();

  @AfterAll
  static void drop() {
    DATABASES.values().forEach(RehearsedDatabase::close);
  }

  static Stream<Arguments> rulesAndServers() {
    return RiskRules.ALL.stream()
        .flatMap(rule -> Stream.of(15, 18).map(version -> Arguments.of(rule.id(), version, rule)));
  }

  @ParameterizedTest(name = "{0} on PostgreSQL {1}")
  @MethodSource("rulesAndServers")
  void findsTheDangerOfItsBadExampleAloneAndNothingInItsGoodOne(
      String id, int version, RiskRule rule) throws SQLException {
    List<RiskFinding> bad = found(version, rule.bad());
    assertThat(bad).extracting(RiskFinding::rule).containsOnly(id);
    assertThat(found(version, rule.good())).isEmpty();
    assertThat(bad.stream().anyMatch(finding -> finding.safer() != null))
        .as("a safer script is tried by SaferScriptsIT")
        .isEqualTo(SaferScriptsIT.OFFERED.contains(id));
  }

  /** The first script of several is there before the run. */
  private static List<RiskFinding> found(int version, Example example) throws SQLException {
    List<String> scripts = new ArrayList<>(example.scripts());
    String before = scripts.size() > 1 ? scripts.remove(0) : "";
    RehearsedDatabase database = database(version);
    database.run("drop schema public cascade; create schema public; " + before);
    RehearsalReport report = database.rehearse(scripts.toArray(String[]::new));
    List<RiskFinding> findings = Risks.of(report, TargetTables.UNKNOWN);
    assertThat(report.scripts()).as(report.summary()).hasSize(scripts.size());
    assertThat(report.scripts()).extracting(ScriptFacts::statements).doesNotContain(List.of());
    return findings;
  }

  private static RehearsedDatabase database(int version) throws SQLException {
    RehearsedDatabase known = DATABASES.get(version);
    if (known == null) {
      known = RehearsedDatabase.on(version, "select 1");
      DATABASES.put(version, known);
    }
    return known;
  }
}
