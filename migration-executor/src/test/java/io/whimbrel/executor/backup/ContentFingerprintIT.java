package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.local.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentFingerprintIT {
  private static final List<String> SCHEMAS = List.of("public");

  TestDatabase database;

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabase.create(server());
    database.run(
        "CREATE TABLE things (id int, what text, at timestamptz, share float8)",
        "INSERT INTO things SELECT i, 't' || i, to_timestamp(i), 1.0 / i"
            + " FROM generate_series(1, 100) i");
  }

  EmbeddedPostgres server() {
    return EmbeddedPostgres.shared();
  }

  @Test
  void theOrderOfRowsAndColumnsDoesNotCount() throws Exception {
    Fingerprint before = things();
    database.run(
        "CREATE TABLE sorted AS SELECT share, at, what, id FROM things ORDER BY id DESC",
        "DROP TABLE things",
        "ALTER TABLE sorted RENAME TO things");
    assertThat(things()).isEqualTo(before);
  }

  @Test
  void anyOtherValueCounts() throws Exception {
    Fingerprint before = things();
    database.run("UPDATE things SET what = NULL WHERE id = 50");
    assertThat(things()).isNotEqualTo(before);
    database.run("UPDATE things SET what = '' WHERE id = 50");
    assertThat(things()).isNotEqualTo(before);
    database.run("UPDATE things SET what = 't50' WHERE id = 50");
    assertThat(things()).isEqualTo(before);
  }

  /** PostgreSQL hashes them alike, as they are equal, or as it folds them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          numeric                     | 1.0                        | 1.00
          bigint                      | 1                          | 4294967296
          bigint                      | -1                         | 4294967295
          float8                      | 0                          | -0
          bpchar                      | a                          | a.
          interval                    | 1 day                      | 24 hours
          jsonb                       | 1.0                        | 1.00
          timestamptz                 | 2000-01-01 00:00:00.000001+00 | 2000-01-01 01:11:34.967296+00
          timestamp                   | 2000-01-01 00:00:00.000001 | 2000-01-01 01:11:34.967296
          text COLLATE public.anycase | a                          | A
          numeric[]                   | {1.0}                      | {1.00}
          """)
  void valuesThatHashAlikeCount(String type, String one, String other) throws Exception {
    database.run(
        "CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic ="
            + " false)",
        "ALTER TABLE things ADD value " + type,
        "UPDATE things SET value = '" + one + "' WHERE id = 1");
    Fingerprint before = things();
    // A blank at the end, which a table of cases cannot hold.
    database.run("UPDATE things SET value = '" + other.replace("a.", "a ") + "' WHERE id = 1");
    assertThat(things().hash()).isNotEqualTo(before.hash());
  }

  @Test
  void rowsThatExchangeValuesCount() throws Exception {
    Fingerprint before = things();
    database.run(
        "UPDATE things SET what = CASE id WHEN 1 THEN 't2' ELSE 't1' END WHERE id IN (1, 2)");
    assertThat(things().hash()).isNotEqualTo(before.hash());
  }

  @Test
  void columnsThatExchangeValuesCount() throws Exception {
    database.run(
        "ALTER TABLE things ADD one int, ADD other int",
        "UPDATE things SET one = 1, other = 2 WHERE id = 7",
        "UPDATE things SET one = 3 WHERE id = 8");
    Fingerprint before = things();
    database.run("UPDATE things SET one = other, other = one WHERE id = 7");
    assertThat(things().hash()).isNotEqualTo(before.hash());
    database.run("UPDATE things SET one = other, other = one WHERE id = 7");
    assertThat(things().hash()).isEqualTo(before.hash());
    database.run("UPDATE things SET one = other, other = one WHERE id = 8");
    assertThat(things().hash()).isNotEqualTo(before.hash());
  }

  @Test
  void everyTypeCountsWithAndWithoutAValue() throws Exception {
    var seen = new HashSet<String>();
    List<String> values =
        List.of(
            "bool true",
            "bool false",
            "int2 1",
            "int2 -1",
            "int4 1",
            "int4 -1",
            "int8 1",
            "int8 -1",
            "numeric 1",
            "numeric NaN",
            "numeric Infinity",
            "date 2026-01-01",
            "date infinity",
            "timestamp infinity",
            "timestamptz -infinity",
            "bytea \\x",
            "bytea \\x00",
            "uuid 00000000-0000-0000-0000-000000000000",
            "varchar x",
            "float4 NaN");
    for (String value : values) {
      String[] typed = value.split(" ", 2);
      database.run("ALTER TABLE things ADD value " + typed[0]);
      String empty = things().hash();
      database.run("UPDATE things SET value = '%s' WHERE id = 3".formatted(typed[1]));
      assertThat(things().hash()).as(value).isNotEqualTo(empty);
      assertThat(seen.add(typed[0] + things().hash())).as(value).isTrue();
      database.run("ALTER TABLE things DROP value");
    }
  }

  @Test
  void aTypeThatWasMadeAnewDoesNotCount() throws Exception {
    database.run(
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "ALTER TABLE things ADD mood mood DEFAULT 'glad', ADD moods mood[] DEFAULT '{sad}'");
    Fingerprint before = things();
    database.run(
        "ALTER TABLE things DROP mood, DROP moods",
        "DROP TYPE mood",
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "ALTER TABLE things ADD mood mood DEFAULT 'glad', ADD moods mood[] DEFAULT '{sad}'");
    assertThat(things()).isEqualTo(before);
  }

  @Test
  void aTableWithoutColumnsCountsItsRows() throws Exception {
    database.run("ALTER TABLE things DROP id, DROP what, DROP at, DROP share");
    assertThat(things().rows()).isEqualTo(100);
  }

  @Test
  void aDoubledRowCounts() throws Exception {
    Fingerprint before = things();
    database.run("INSERT INTO things SELECT * FROM things WHERE id = 1");
    assertThat(things().hash()).isNotEqualTo(before.hash());
  }

  @Test
  void theSettingsOfTheSessionDoNotCountAndStay() throws Exception {
    Fingerprint before = things();
    try (Connection connection = database.open()) {
      TestDatabase.execute(
          connection,
          "SET TimeZone = 'Asia/Tokyo'",
          "SET DateStyle = 'ISO, DMY'",
          "SET extra_float_digits = -5");
      connection.setAutoCommit(false);
      assertThat(take(connection, null).contents()).containsExactly(before);
      assertThat(TestDatabase.rows(connection, "SHOW TimeZone")).containsExactly("Asia/Tokyo");
      assertThat(TestDatabase.rows(connection, "SHOW search_path"))
          .containsExactly("\"$user\", public");
    }
  }

  @Test
  void tablesThatHaveComeSinceAreIncluded() throws Exception {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      ContentState before = take(connection, null);
      TestDatabase.execute(connection, "CREATE TABLE fresh AS SELECT 1 AS one");
      ContentState after = take(connection, before);
      assertThat(after.contents())
          .extracting(content -> content.table().name() + " " + content.rows())
          .containsExactly("fresh 1", "things 100");
    }
  }

  @Test
  void writersAreExcludedAndReadersAreNot() throws Exception {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      ContentFingerprint.excludeWriters(
          connection, List.of(Shop.table("things")), Shop.LOCK_TIMEOUT);
      assertThat(database.rows("SELECT count(*) FROM things")).containsExactly("100");
      assertThatThrownBy(() -> database.run("SET lock_timeout = '100ms'", "DELETE FROM things"))
          .hasMessageContaining("lock timeout");
      assertThat(TestDatabase.rows(connection, "SHOW lock_timeout")).containsExactly("0");
    }
  }

  @Test
  void aStateSurvivesJson() throws Exception {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      ContentState state = take(connection, null);
      var json = new ObjectMapper();
      assertThat(json.readValue(json.writeValueAsString(state), ContentState.class))
          .isEqualTo(state);
    }
  }

  private Fingerprint things() throws SQLException {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      return take(connection, null).contents().get(0);
    }
  }

  private static ContentState take(Connection connection, @Nullable ContentState before)
      throws SQLException {
    return ContentFingerprint.take(connection, SCHEMAS, List.of(Shop.table("things")), before);
  }
}
