package io.whimbrel.executor.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.TestDatabase;
import io.whimbrel.executor.catalog.ConductorScripts;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptConfig;
import io.whimbrel.executor.catalog.ScriptText;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.reversal.Budget;
import io.whimbrel.executor.reversal.Reversals;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RehearsalIT {
  private static final UUID RUN = UUID.fromString("11111111-2222-3333-4444-555555555555");

  @TempDir Path directory;
  TestDatabase database;

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabase.create();
    database.run(
        "CREATE TYPE mood AS ENUM ('calm')",
        "CREATE TABLE users (id bigint PRIMARY KEY, name text, mood mood)",
        "CREATE TABLE orders (id int PRIMARY KEY, user_id bigint REFERENCES users ON DELETE"
            + " CASCADE)",
        "CREATE TABLE notes (id int PRIMARY KEY, order_id int REFERENCES orders)",
        "CREATE TABLE days (day date, what text) PARTITION BY RANGE (day)",
        "CREATE TABLE days_all PARTITION OF days DEFAULT",
        "CREATE INDEX users_by_name ON users (name)",
        "CREATE FUNCTION next(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT x + 1; END",
        "CREATE TABLE flyway_schema_history (installed_rank int)",
        "INSERT INTO users SELECT i, 'u' || i FROM generate_series(1, 10) i");
  }

  @Test
  void rowsThatAreWrittenAreTouched() throws Exception {
    touches(List.of("notes"), "UPDATE notes SET id = 2 FROM users WHERE users.id = 3");
    touches(List.of("notes", "orders"), "INSERT INTO notes (id) VALUES (1)", "DELETE FROM orders");
  }

  @Test
  void structureThatIsChangedIsTouched() throws Exception {
    // Its rows may be changed too, and orders follow users.
    touches(List.of("orders", "users"), "ALTER TABLE users ADD COLUMN more int");
  }

  @Test
  void tablesThatRowsAreCascadedToAreTouched() throws Exception {
    touches(List.of("orders", "users"), "DELETE FROM users WHERE id = 1");
  }

  @Test
  void partitionsAndTheirTableAreTouched() throws Exception {
    touches(List.of("days", "days_all"), "UPDATE days SET what = 'x'");
  }

  @Test
  void aRenamedTableIsTouchedAndItsNewNameIsCreated() throws Exception {
    RehearsalReport report = rehearse("ALTER TABLE notes RENAME TO remarks");
    assertThat(report.touched()).contains(table("notes"));
    assertThat(report.created()).containsExactly(table("remarks"));
  }

  @Test
  void newTablesAreCreatedAndNotTouched() throws Exception {
    RehearsalReport report =
        rehearse("CREATE TABLE fresh (id int)", "INSERT INTO fresh VALUES (1)");
    assertThat(report.touched()).isEmpty();
    assertThat(report.created()).containsExactly(table("fresh"));
    assertThat(report.measured()).isTrue();
  }

  @Test
  void whereTriggersMayFireEverythingIsTouched() throws Exception {
    database.run(
        "CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER quiet BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION quiet()");
    touchesEverything("triggers", rehearse("INSERT INTO notes (id) VALUES (1)"));
  }

  @Test
  void whatDependsOnRowsTouchesEverything() throws Exception {
    touchesEverything("V1__test.sql", rehearse("DO $$ BEGIN PERFORM 1; END $$"));
  }

  @Test
  void aScriptThatFailsTouchesEverything() throws Exception {
    touchesEverything(
        "V1__test.sql line 2 failed in the rehearsal with SQLSTATE 42P01",
        rehearse("SELECT 1", "DELETE FROM nothing"));
  }

  @Test
  void withoutTheRightToCreateDatabasesEverythingIsTouched() throws Exception {
    database.asSuperuser("ALTER ROLE " + database.owner() + " NOCREATEDB");
    touchesEverything("grant it CREATEDB", rehearse("DELETE FROM notes"));
  }

  @Test
  void theTargetStaysAsItIsAndTheScratchDatabaseGoes() throws Exception {
    rehearse("DELETE FROM users", "DROP TABLE notes");
    rehearse("not sql");
    assertThat(database.rows("SELECT count(*) FROM users")).containsExactly("10");
    assertThat(database.rows("SELECT count(*) FROM notes")).containsExactly("0");
    assertThat(database.rows("SELECT datname FROM pg_database WHERE datname LIKE 'whimbrel%'"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'postgres')",
        "DO $$ BEGIN CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'postgres'); END"
            + " $$",
        "DO $$ BEGIN CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'postgres');"
            + " COMMIT; END $$"
      })
  void nothingIsWrittenToAForeignServer(String first) throws Exception {
    String port = database.rows("SHOW port").get(0);
    database.asSuperuser(
        "ALTER ROLE " + database.owner() + " SUPERUSER",
        "CREATE EXTENSION postgres_fdw",
        "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', port '"
            + port
            + "', dbname '"
            + database.name()
            + "')");
    if (first.equals("SELECT 1")) {
      database.run("CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'postgres')");
    }
    String table =
        "CREATE FOREIGN TABLE far_notes (id int) SERVER far OPTIONS (table_name 'notes')";
    String insert = "INSERT INTO far_notes VALUES (7)";

    RehearsalReport report = rehearse(first, table, insert);
    Reversals.of(
        target(database),
        RUN,
        List.of(script(first, table, insert)),
        new FlywayCatalogueReader().read(List.of(directory)),
        new Budget(Duration.ofMinutes(1), 3));

    assertThat(report.failure()).extracting(RehearsalReport.Failure::statement).isEqualTo(3);
    assertThat(database.rows("SELECT count(*) FROM notes")).containsExactly("0");
    // It is the rehearsal that keeps it from being written.
    database.run(first, table, insert);
    assertThat(database.rows("SELECT count(*) FROM notes")).containsExactly("1");
  }

  @Test
  void aRealProjectIsRehearsedOnAnEmptyTarget() throws Exception {
    TestDatabase empty = TestDatabase.create();
    var placeholders = new Placeholders(Map.of(), "public", "me", "db", "2026-01-01 00:00:00");
    var scripts = new ArrayList<Script>();
    new FlywayCatalogueReader()
        .read(ConductorScripts.copyTo(directory))
        .versioned()
        .forEach(migration -> scripts.add(Script.of(migration, placeholders)));
    RehearsalReport report = Rehearsal.rehearse(target(empty), RUN, scripts);
    assertThat(report.touched()).isEmpty();
    assertThat(report.created()).contains(table("workflow"), table("meta_task_def"));
  }

  private void touches(List<String> tables, String... statements) throws SQLException {
    RehearsalReport report = rehearse(statements);
    assertThat(report.measured()).as(report.summary()).isTrue();
    assertThat(report.touched())
        .containsExactlyElementsOf(tables.stream().map(RehearsalIT::table).toList());
  }

  private static void touchesEverything(String why, RehearsalReport report) {
    assertThat(report.measured()).isFalse();
    assertThat(report.summary()).contains(why);
    assertThat(report.touched())
        .extracting(TableName::name)
        .containsExactly("days", "days_all", "notes", "orders", "users");
  }

  private RehearsalReport rehearse(String... statements) throws SQLException {
    return Rehearsal.rehearse(target(database), RUN, List.of(script(statements)));
  }

  private Script script(String... statements) {
    var migration =
        new Migration(
            Migration.Kind.VERSIONED,
            Version.of("1"),
            "test",
            "V1__test.sql",
            directory,
            0,
            new ScriptConfig(Stream.of(statements).noneMatch(s -> s.contains("COMMIT;")), null),
            ScriptText.of(String.join(";\n", statements)));
    var placeholders = new Placeholders(Map.of(), "public", "me", "db", "2026-01-01 00:00:00");
    return Script.of(migration, placeholders);
  }

  private Target target(TestDatabase of) {
    return new Target(
        "test",
        of.url(),
        List.of(directory),
        "flyway",
        Login.of(of.owner()),
        Login.of(of.owner()),
        List.of("public"),
        Map.of(),
        true,
        "0",
        false,
        Policy.DEFAULT);
  }

  private static TableName table(String name) {
    return new TableName("public", name);
  }
}
