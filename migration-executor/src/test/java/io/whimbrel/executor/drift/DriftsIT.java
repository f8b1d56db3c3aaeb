package io.whimbrel.executor.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.backup.TestDatabase;
import io.whimbrel.executor.catalog.CatalogueReaders;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.RehearsalServer;
import io.whimbrel.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftsIT {
  @TempDir Path directory;
  TestDatabase database;

  @BeforeEach
  void migrate() throws Exception {
    database = TestDatabase.create();
    write("V1__orders.sql", "CREATE TABLE orders (id int PRIMARY KEY, note text)");
    write("V2__index.sql", "CREATE INDEX orders_note ON orders (note)");
    write("R__view.sql", "CREATE OR REPLACE VIEW notes AS SELECT note FROM orders");
    migrateFurther();
  }

  private void migrateFurther() {
    Flyway.configure()
        .dataSource(database.url(), database.owner(), "")
        .locations("filesystem:" + directory)
        .load()
        .migrate();
  }

  @Test
  void aTargetThatItsScriptsMadeHasNone() throws Exception {
    Drift drift = drift();
    assertThat(drift.state()).as(drift.reason()).isEqualTo(Drift.State.NONE);
    assertThat(drift.ddl()).isEmpty();
  }

  @Test
  void whatSomeoneChangedByHandIsFoundAndWritten() throws Exception {
    database.run(
        "ALTER TABLE orders ADD COLUMN hurry boolean DEFAULT false",
        "DROP INDEX orders_note",
        "COMMENT ON TABLE orders IS 'by hand'",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "GRANT SELECT ON orders TO PUBLIC");

    Drift drift = drift();

    assertThat(drift.state()).isEqualTo(Drift.State.FOUND);
    assertThat(drift.objects())
        .extracting(StructureDifference::summary)
        .containsExactlyInAnyOrder(
            "column public.orders.hurry is there and should not be",
            "index public.orders_note is missing",
            "table public.orders differs in its comment",
            "table public.orders differs in its replica identity",
            "table public.orders differs in its rights");
    assertThat(drift.ddl())
        .contains("ADD COLUMN hurry boolean DEFAULT false")
        .contains("DROP INDEX IF EXISTS public.orders_note")
        .contains("COMMENT ON TABLE public.orders IS 'by hand'")
        .contains("REPLICA IDENTITY FULL")
        .contains("GRANT SELECT ON public.orders TO PUBLIC");
  }

  @Test
  void aScriptThatIsMissingOrHasChangedIsTheReasonNotToCompare() throws Exception {
    write("V2__index.sql", "CREATE INDEX orders_other ON orders (note)");
    assertThat(drift().reason()).contains("V2__index.sql has changed");
    Files.delete(directory.resolve("V2__index.sql"));
    Drift drift = drift();
    assertThat(drift.state()).isEqualTo(Drift.State.UNKNOWN);
    assertThat(drift.reason()).contains("V2__index.sql is missing");
  }

  @Test
  void whatAScriptChangesOfTheServerIsNotDoneAgain() throws Exception {
    String role = '"' + database.owner() + '"';
    write("V3__role.sql", "ALTER ROLE " + role + " SET work_mem = '5MB'");
    migrateFurther();
    database.run("ALTER ROLE " + role + " RESET work_mem");

    Drift drift = drift();

    assertThat(drift.state()).isEqualTo(Drift.State.UNKNOWN);
    assertThat(drift.reason()).contains("V3__role.sql changes roles, databases or settings");
    assertThat(
            database.rows(
                "SELECT r.setconfig FROM pg_db_role_setting r JOIN pg_roles o ON o.oid = r.setrole"
                    + " WHERE o.rolname = '"
                    + database.owner()
                    + "'"))
        .isEmpty();
  }

  @Test
  void theAppliedScriptsRunOnTheRehearsalServerIfThereIsOne() throws Exception {
    database.asSuperuser("ALTER ROLE " + database.owner() + " NOCREATEDB");
    assertThat(drift().reason())
        .contains("grant it CREATEDB, or give the target a rehearsal server");

    TestDatabase elsewhere = TestDatabase.create();
    Drift drift = drift(new RehearsalServer(elsewhere.url(), Login.of(elsewhere.owner())));
    assertThat(drift.state()).as(drift.reason()).isEqualTo(Drift.State.NONE);
  }

  private void write(String name, String sql) throws Exception {
    Files.writeString(directory.resolve(name), sql);
  }

  private Drift drift() throws Exception {
    return drift(null);
  }

  private Drift drift(@Nullable RehearsalServer elsewhere) throws Exception {
    Login owner = Login.of(database.owner());
    Target target =
        new Target(
            "test",
            database.url(),
            List.of(directory),
            "flyway",
            owner,
            owner,
            List.of("public"),
            Map.of(),
            false,
            "1",
            false,
            Policy.DEFAULT);
    if (elsewhere != null) {
      target = target.with(elsewhere);
    }
    History history;
    try (Connection connection = database.open()) {
      history = new SchemaHistory(target).read(connection);
    }
    return Drifts.of(
        target,
        UUID.randomUUID(),
        CatalogueReaders.of("flyway").read(target.catalog()),
        new Placeholders(Map.of(), "public", "u", "d", "2026-01-01 00:00:00"),
        history,
        Duration.ofMinutes(1));
  }
}
