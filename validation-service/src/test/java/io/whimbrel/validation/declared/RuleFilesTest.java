package io.whimbrel.validation.declared;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Severity;
import io.whimbrel.validation.rule.Declarations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFilesTest {

  @TempDir Path catalog;

  @Test
  void theFilesBesideTheMigrationsAreReadTogether() throws IOException {
    Path rules = Files.createDirectories(catalog.resolve("rules"));
    Files.writeString(
        rules.resolve("a.yaml"),
        "data_range_validation: [ { table: t, column: c, min: 1, severity: warning } ]");
    Files.writeString(
        rules.resolve("b.yml"),
        "data_range_validation: [ { table: s.t, column: c, max: \"2027-01-01\" } ]");
    Files.writeString(rules.resolve("README.md"), "not for machines");
    Files.writeString(rules.resolve("empty.yaml"), "# nothing yet");
    RuleFiles.Read read = RuleFiles.of(List.of(catalog));
    assertThat(read.problems()).isEmpty();
    assertThat(read.declarations().ranges())
        .containsExactly(
            new Declarations.Range("t", "c", "1", null, Severity.WARNING),
            new Declarations.Range("s.t", "c", null, "2027-01-01", null));
  }

  @Test
  void withoutFilesNothingIsDeclared() {
    RuleFiles.Read read = RuleFiles.of(List.of(catalog));
    assertThat(read.declarations()).isEqualTo(Declarations.NONE);
    assertThat(read.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data_range_validation: [ { table: t, column: c } ]",
        "data_range_validation: [ { table: t, colum: c, min: 1 } ]",
        "data_ranges: []",
        "business_constraints: [ { id: no sql } ]",
        "business_constraints: [ { id: a, sql: select 1, phases: [sometimes] } ]",
        "orphaned_records: [ { table: t, key: id } ]",
        "data_retention: [ { table: t, column: c, keep: 90 days, severity: bad } ]",
        "table_size: [ { table: t, max: large } ]",
        "a: b: c",
        "- a list"
      })
  void aFileWithAMistakeDeclaresNothingAndIsNamed(String text) {
    RuleFiles.Read read = RuleFiles.parse("rules/x.yaml", text);
    assertThat(read.problems())
        .isNotEmpty()
        .allMatch(problem -> problem.startsWith("rules/x.yaml"));
    assertThat(read.declarations()).isEqualTo(Declarations.NONE);
  }
}
