package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.validation.declared.RuleFiles;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule on its own examples, on the oldest and on the newest PostgreSQL. */
class RuleExamplesIT {

  static Stream<Arguments> rulesAndServers() {
    return Rules.ALL.stream()
        .flatMap(rule -> Stream.of(15, 18).map(version -> Arguments.of(rule.id(), version, rule)));
  }

  @ParameterizedTest(name = "{0} on PostgreSQL {1}")
  @MethodSource("rulesAndServers")
  void findsTheFaultOfItsBadExampleAndNothingInItsGoodOne(String id, int version, Rule rule)
      throws SQLException {
    EmbeddedPostgres server =
        version == 15 ? EmbeddedPostgres.sharedOldest() : EmbeddedPostgres.shared();
    RuleFixture.Looked bad = look(rule, server, rule.description().bad());
    assertThat(bad.findings()).isNotEmpty();
    assertThat(bad.obstacles()).isEmpty();

    RuleFixture.Looked good = look(rule, server, rule.description().good());
    assertThat(good.findings()).isEmpty();
    assertThat(good.obstacles()).isEmpty();
  }

  private static RuleFixture.Looked look(Rule rule, EmbeddedPostgres server, Example example)
      throws SQLException {
    try (RuleFixture database = new RuleFixture(server)) {
      database.run(example.sql());
      Declarations declared = declarations(example);
      String after = example.after();
      if (after == null) {
        return database.lookEverywhere(rule, declared);
      }
      Memory first = Memory.none();
      database.lookEverywhere(rule, declared, new Occasion(Phase.BEFORE, List.of(), first));
      database.run(after);
      Memory second = new Memory(first.notes());
      return database.lookEverywhere(rule, declared, new Occasion(Phase.AFTER, List.of(), second));
    }
  }

  private static Declarations declarations(Example example) {
    if (example.rules() == null) {
      return Declarations.NONE;
    }
    RuleFiles.Read read = RuleFiles.parse("example", example.rules());
    assertThat(read.problems()).isEmpty();
    return read.declarations();
  }
}
