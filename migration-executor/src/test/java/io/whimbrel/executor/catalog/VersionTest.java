package io.whimbrel.executor.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

  private static final List<String> WRITTEN =
      List.of(
          "1",
          "01",
          "1.0",
          "1_0_0",
          "1.1",
          "1.10",
          "1.2",
          "2",
          "10",
          "0",
          "0.1",
          "20240131120000",
          "99999999999999999999",
          "1.0.1");

  @Test
  void ordersAndEqualsAsFlywayDoes() {
    for (String one : WRITTEN) {
      for (String other : WRITTEN) {
        int flyway =
            MigrationVersion.fromVersion(one).compareTo(MigrationVersion.fromVersion(other));
        assertThat(Integer.signum(Version.of(one).compareTo(Version.of(other))))
            .as("%s and %s", one, other)
            .isEqualTo(Integer.signum(flyway));
        assertThat(Version.of(one).equals(Version.of(other))).isEqualTo(flyway == 0);
      }
    }
  }

  @Test
  void isWrittenAsFlywayWritesIt() {
    for (String written : WRITTEN) {
      assertThat(Version.of(written).toString())
          .isEqualTo(MigrationVersion.fromVersion(written).getVersion());
    }
  }

  @Test
  void equalVersionsHaveEqualHashCodes() {
    assertThat(Version.of("1.0")).hasSameHashCodeAs(Version.of("01"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1a", "1..2", ".1", "1.", "-1", "1 2", "١"})
  void whatIsNotNumbersIsNoVersion(String text) {
    assertThat(Version.parse(text)).isEmpty();
    assertThatThrownBy(() -> Version.of(text)).isInstanceOf(Refusal.class);
  }
}
