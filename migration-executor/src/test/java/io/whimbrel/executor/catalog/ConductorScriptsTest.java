package io.whimbrel.executor.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resolver.ChecksumCalculator;
import org.flywaydb.core.internal.resource.StringResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

class ConductorScriptsTest {

  @TempDir Path directory;

  @Test
  void aRealProjectIsReadWithoutAProblem() throws IOException {
    Catalogue catalogue = catalogue();

    assertThat(catalogue.problems()).isEmpty();
    assertThat(catalogue.notices()).isEmpty();
    assertThat(catalogue.versioned()).hasSize(8);
  }

  @Test
  void itsChecksumsAreThoseOfFlyway() throws IOException {
    for (Migration migration : catalogue().versioned()) {
      assertThat(migration.checksum()).isEqualTo(flyway(migration.text().whole()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "a", "a\r\nb\rc\n", "\uFEFFa\n", "ü\n\n😀", "a\n\uFEFFb"})
  void unusualTextHasTheChecksumOfFlyway(String text) {
    assertThat(Checksum.of(text)).isEqualTo(flyway(text));
  }

  @Test
  void itsStatementsAreThoseOfTheDriver() throws IOException, SQLException {
    Placeholders placeholders = new Placeholders(Map.of(), "public", "a", "b", "c");
    for (Migration migration : catalogue().versioned()) {
      Script script = Script.of(migration, placeholders);
      List<NativeQuery> expected =
          Parser.parseJdbcSql(migration.text().whole(), true, false, true, false, false);
      List<Statement> statements = Statements.of("x", migration.text().whole());
      assertThat(statements).hasSameSizeAs(expected).hasSize(script.count());
      for (Statement statement : statements) {
        assertThat(compact(expected.get(statement.number() - 1).nativeSql))
            .endsWith(compact(statement.sql()));
        String line = migration.text().whole().split("\n", -1)[statement.line() - 1];
        assertThat(line).contains(statement.sql().lines().findFirst().orElseThrow().strip());
      }
    }
  }

  private Catalogue catalogue() throws IOException {
    return new FlywayCatalogueReader().read(ConductorScripts.copyTo(directory));
  }

  private static int flyway(String text) {
    LoadableResource resource = new StringResource(text);
    return ChecksumCalculator.calculate(resource);
  }

  private static String compact(String sql) {
    return String.join(" ", Arrays.asList(sql.split("\\s+"))).strip();
  }
}
