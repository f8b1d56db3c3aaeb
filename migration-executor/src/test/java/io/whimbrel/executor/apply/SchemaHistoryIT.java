package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.ConductorScripts;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.plan.PendingMigrations;
import io.whimbrel.executor.plan.Selection;
import io.whimbrel.executor.plan.ToUndo;
import io.whimbrel.executor.plan.UndoPlan;
import io.whimbrel.executor.plan.UndoSelection;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaHistoryIT {

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() {
    target = new TestTarget(directory);
  }

  @Test
  void flywayFindsARealProjectAppliedByUsValidAndComplete() throws Exception {
    target.catalog(ConductorScripts.copyTo(directory));

    applyAllPending();

    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
    assertThat(target.flyway().info().pending()).isEmpty();
    assertThat(target.flyway().migrate().migrationsExecuted).isZero();
    assertThat(pending()).isEmpty();
  }

  @Test
  void weGoOnWhereFlywayStopped() throws Exception {
    target.catalog(ConductorScripts.copyTo(directory));
    org.flywaydb.core.Flyway.configure()
        .configuration(target.flyway().getConfiguration())
        .target("4")
        .load()
        .migrate();

    assertThat(pending())
        .extracting(Migration::label)
        .hasSize(4)
        .first()
        .asString()
        .startsWith("5");
    applyAllPending();

    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
    assertThat(target.flyway().info().pending()).isEmpty();
  }

  @Test
  void theTableIsTheOneThatFlywayMakes() throws Exception {
    target.file("V1__a.sql", "create table a (id int)").file("R__r.sql", "select '${env}'");
    target.schemas("ours");
    applyAllPending();
    TestTarget flyways = new TestTarget(directory).schemas("ours");
    flyways.flyway().migrate();

    String columns =
        """
        select string_agg(concat_ws(' ', column_name, data_type, character_maximum_length,
          is_nullable, column_default), ', ' order by ordinal_position)
        from information_schema.columns where table_name = 'flyway_schema_history'
        """;
    String indexes =
        """
        select string_agg(indexdef, '; ' order by indexname) from pg_indexes
        where tablename = 'flyway_schema_history'
        """;
    String rows =
        """
        select string_agg(concat_ws(' ', installed_rank, version, description, type, script,
          checksum, installed_by, success), '; ' order by installed_rank)
        from ours.flyway_schema_history
        """;
    for (String sql : List.of(columns, indexes, rows)) {
      assertThat(target.value(sql)).isEqualTo(flyways.value(sql));
    }
  }

  @Test
  void aDatabaseWithTablesIsAdoptedAtItsBaseline() throws Exception {
    target.execute("create table old (id int)");
    target.file("V1__old.sql", "create table old (id int)").file("V2__new.sql", "select 1");
    assertThatThrownBy(this::pending)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no schema history; set baselineOnMigrate");

    target.adopted();
    assertThat(pending()).extracting(Migration::script).containsExactly("V2__new.sql");
    applyAllPending();

    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
    assertThat(Arrays.stream(target.flyway().info().all()).map(MigrationInfo::getState))
        .containsExactly(
            MigrationState.BASELINE_IGNORED, MigrationState.BASELINE, MigrationState.SUCCESS);
  }

  @Test
  void aDatabaseWithNothingButAnExtensionCountsAsEmpty() throws Exception {
    target.asSuperuser("create schema whimbrel_ext_test; create extension if not exists plpgsql");
    target.file("V1__a.sql", "create table a (id int)");

    assertThat(pending()).hasSize(1);
  }

  @Test
  void aFailedRowIsRefusedWithItsRemedy() throws Exception {
    target.file("V1__a.sql", "create table a (id int)");
    applyAllPending();
    target.execute("update flyway_schema_history set success = false");

    assertThatThrownBy(this::pending)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("V1__a.sql failed; put right")
        .hasMessageContaining("naming it under repair");
  }

  @Test
  void afterAnUndoFlywayFindsTheMigrationPendingAgain() throws Exception {
    target.file("V1__a.sql", "create table a (id int)");
    target.file("V2__b.sql", "create table b (id int)");
    target.file("U2__b.sql", "drop table b");
    applyAllPending();

    Script undo =
        Script.of(target.catalogue().undo().values().iterator().next(), target.placeholders());
    ApplyResult result = target.apply(undo, ApplyListener.SILENT, InTransaction.NOTHING);

    assertThat(result).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select to_regclass('b')")).isNull();
    assertThat(pending()).extracting(Migration::script).containsExactly("V2__b.sql");
    assertThat(target.flyway().info().pending())
        .extracting(MigrationInfo::getScript)
        .containsExactly("V2__b.sql");

    applyAllPending();
    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
    assertThat(target.flyway().info().pending()).isEmpty();
    assertThat(target.apply(undo, ApplyListener.SILENT, InTransaction.NOTHING))
        .isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.apply(undo, ApplyListener.SILENT, InTransaction.NOTHING))
        .isInstanceOf(ApplyResult.AlreadyApplied.class);
  }

  @Test
  void aRepeatableMigrationRunsAgainWhenItsTextOrAPlaceholderHasChanged() throws Exception {
    target.file("R__r.sql", "create or replace view v as select '${env}' as e");
    applyAllPending();
    assertThat(pending()).isEmpty();
    assertThat(target.flyway().info().pending()).isEmpty();

    target.file("R__r.sql", "create or replace view v as select '${env}!' as e");
    assertThat(pending()).hasSize(1);
    applyAllPending();

    assertThat(pending()).isEmpty();
    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
    assertThat(target.flyway().info().pending()).isEmpty();
    assertThat(target.value("select e from v")).isEqualTo("test!");
  }

  @Test
  void aBaselineMigrationIsTakenBackByARestoreOnlyAndIsPendingThen() throws Exception {
    target.file("V2__b.sql", "create table a (id int)");
    target.file("B2__base.sql", "create table b (id int)");
    target.file("U2__b.sql", "drop table a");
    applyAllPending();
    assertThat(pending()).isEmpty();
    assertThat(target.apply("B2__base.sql")).isInstanceOf(ApplyResult.AlreadyApplied.class);

    try (TargetSession session = target.session()) {
      SchemaHistory history = new SchemaHistory(target.target());
      List<ToUndo> all =
          new UndoPlan(target.catalogue(), history.read(session.connection()))
              .select(new UndoSelection.Applied(List.of("B2__base.sql")));
      assertThat(all).singleElement().extracting(ToUndo::undo).isEqualTo(Optional.empty());
      history.takenBack(session.connection(), all.get(0).applied());
    }

    assertThat(pending()).extracting(Migration::script).containsExactly("B2__base.sql");
    assertThat(target.flyway().info().pending())
        .extracting(MigrationInfo::getScript)
        .containsExactly("B2__base.sql");
  }

  private List<Migration> pending() throws Exception {
    try (Connection connection = target.stranger("test")) {
      History history = new SchemaHistory(target.target()).read(connection);
      return new PendingMigrations(target.catalogue(), history, target.placeholders())
          .select(new Selection.All());
    }
  }

  private void applyAllPending() throws Exception {
    for (Migration migration : pending()) {
      Script script = Script.of(migration, target.placeholders());
      assertThat(target.apply(script, ApplyListener.SILENT, InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
    }
  }
}
