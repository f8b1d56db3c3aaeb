package io.whimbrel.executor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingMigrationsTest {

  private static final Selection ALL = new Selection.All();

  @TempDir Path directory;
  private final List<AppliedMigration> rows = new ArrayList<>();
  private Optional<Version> baseline = Optional.empty();

  @Test
  void everythingPendingComesInTheOrderOfVersionsThenRepeatables() throws IOException {
    files("V10__c.sql", "V2__b.sql", "R__y.sql", "R__x.sql", "V1__a.sql");

    assertThat(select(ALL))
        .containsExactly("V1__a.sql", "V2__b.sql", "V10__c.sql", "R__x.sql", "R__y.sql");
    applied("V1__a.sql");
    assertThat(select(new Selection.UpTo("b"))).containsExactly("V2__b.sql");
    assertThat(select(new Selection.UpTo("1"))).isEmpty();
    assertThat(select(new Selection.Named("2"))).containsExactly("V2__b.sql");
    assertThat(select(new Selection.Named("x"))).containsExactly("R__x.sql");
  }

  @Test
  void aRepeatableMigrationIsPendingOnlyWhenItHasChanged() throws IOException {
    files("R__x.sql");
    applied("R__x.sql");
    assertThat(select(ALL)).isEmpty();
    assertThatThrownBy(() -> select(new Selection.Named("x")))
        .isInstanceOf(Refusal.class)
        .hasMessage("R__x.sql is already applied");

    file("R__x.sql", "select 'changed'");
    assertThat(select(ALL)).containsExactly("R__x.sql");
  }

  @Test
  void aMigrationThatIsNotTheNextIsRefused() throws IOException {
    files("V1__a.sql", "V2__b.sql", "V3__c.sql");

    assertThatThrownBy(() -> select(new Selection.Named("3")))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "V3__c.sql is not the next: V1__a.sql; V2__b.sql would be out of order after it; ask"
                + " for everything up to 3");
  }

  @Test
  void whatIsNotSqlIsNamedFileByFileUnlessFlywayHasAppliedIt() throws IOException {
    files("V1__a.sql", "V2__b.java", "V3__c.sh", "afterMigrate.py", "R__d.class", "Tool.java");

    assertThatThrownBy(() -> select(ALL))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("R__d.class is a compiled class")
        .hasMessageContaining("V2__b.java is in Java")
        .hasMessageContaining("V3__c.sh is a shell script")
        .hasMessageContaining("afterMigrate.py is a Python script")
        .hasMessageNotContaining("Tool.java");

    Files.delete(directory.resolve("afterMigrate.py"));
    Files.delete(directory.resolve("R__d.class"));
    applied("V1__a.sql");
    foreign("2", "b");
    foreign("3", "c");
    assertThat(select(ALL)).isEmpty();
  }

  @Test
  void whatIsAppliedAlreadyIsRefusedByName() throws IOException {
    files("V1__a.sql");
    applied("V1__a.sql");

    assertThatThrownBy(() -> select(new Selection.Named("a")))
        .hasMessage("V1__a.sql is already applied");
    assertThatThrownBy(() -> select(new Selection.Named("nothing")))
        .hasMessageStartingWith("No migration is named 'nothing'");
    assertThatThrownBy(() -> select(new Selection.UpTo("9"))).hasMessageContaining("'9'");
  }

  @Test
  void aMigrationBelowWhatIsAppliedIsOutOfOrder() throws IOException {
    files("V1__a.sql", "V2__b.sql");
    applied("V2__b.sql");

    assertThatThrownBy(() -> select(ALL))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("Version 2 is applied, so these would be out of order")
        .hasMessageContaining("V1__a.sql");
  }

  @Test
  void aChangedScriptIsRefusedByName() throws IOException {
    files("V1__a.sql", "V2__b.sql");
    applied("V1__a.sql");
    file("V1__a.sql", "select 'changed'");

    assertThatThrownBy(() -> select(ALL))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("V1__a.sql has changed since it was applied (checksum ");
  }

  @Test
  void aMissingScriptIsRefusedUnlessItIsAboveTheCatalogue() throws IOException {
    files("V1__a.sql", "V2__b.sql", "V3__c.sql", "R__r.sql");
    applied("V1__a.sql");
    applied("V2__b.sql");
    applied("V3__c.sql");
    applied("R__r.sql");
    Files.delete(directory.resolve("V3__c.sql"));
    assertThat(select(ALL)).isEmpty();

    file("V3__c.sql", "select 3");
    Files.delete(directory.resolve("V2__b.sql"));
    Files.delete(directory.resolve("R__r.sql"));
    assertThatThrownBy(() -> select(ALL))
        .hasMessageContaining("V2__b.sql is applied, but not in the catalogue; put it back")
        .hasMessageContaining("R__r.sql is applied, but not in the catalogue; put it back");
  }

  @Test
  void whatIsAtOrBelowTheBaselineIsNotPending() throws IOException {
    files("V1__a.sql", "V2__b.sql", "V3__c.sql");
    baseline = Optional.of(Version.of("2"));

    assertThat(select(ALL)).containsExactly("V3__c.sql");
  }

  @Test
  void whatWasUndoneIsPendingAgain() throws IOException {
    files("V1__a.sql");
    applied("V1__a.sql");
    for (String type : List.of("DELETE", "UNDO_SQL")) {
      row("V1__a.sql", type);
      assertThat(select(ALL)).containsExactly("V1__a.sql");
      applied("V1__a.sql");
      assertThat(select(ALL)).isEmpty();
    }
  }

  @Test
  void aDependencyHasToBeThereBefore() throws IOException {
    file("V1__a.sql", "-- whimbrel:depends-on 2\nselect 1");
    file("V2__b.sql", "-- whimbrel:depends-on x\nselect 1");
    file("R__x.sql", "select 1");
    assertThatThrownBy(() -> select(new Selection.UpTo("1")))
        .hasMessage("V1__a.sql depends on V2__b.sql, which is not applied; apply that one first");
    assertThatThrownBy(() -> select(ALL))
        .hasMessage(
            "V1__a.sql depends on V2__b.sql, which comes after it; give it a greater version;"
                + " V2__b.sql depends on R__x.sql, which is repeatable and so comes after every"
                + " version; make it a versioned one");

    file("V1__a.sql", "select 1");
    applied("R__x.sql");
    assertThat(select(ALL)).containsExactly("V1__a.sql", "V2__b.sql");
  }

  @Test
  void repeatablesComeAfterThoseTheyDependOn() throws IOException {
    file("R__a.sql", "-- whimbrel:depends-on b\nselect 1");
    file("R__b.sql", "-- whimbrel:depends-on c, 1\nselect 1");
    file("R__c.sql", "select 1");
    file("V1__v.sql", "select 1");
    assertThat(select(ALL)).containsExactly("V1__v.sql", "R__c.sql", "R__b.sql", "R__a.sql");

    file("R__c.sql", "-- whimbrel:depends-on a\nselect 1");
    assertThatThrownBy(() -> select(ALL))
        .hasMessage(
            "These depend on each other; remove one depends-on: R__a.sql, R__b.sql, R__c.sql");
  }

  @Test
  void aCatalogueWithAProblemStartsNothing() throws IOException {
    files("V1__a.sql", "V1__b.sql");

    assertThatThrownBy(() -> select(ALL))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("both have version 1");
  }

  private List<String> select(Selection selection) {
    Placeholders placeholders = new Placeholders(Map.of(), "public", "u", "d", "t");
    return new PendingMigrations(catalogue(), new History(rows, baseline, true), placeholders)
        .select(selection).stream().map(Migration::script).toList();
  }

  private Catalogue catalogue() {
    return new FlywayCatalogueReader().read(List.of(directory));
  }

  private void applied(String name) {
    row(name, "SQL");
  }

  private void row(String name, String type) {
    Migration migration = catalogue().named(name);
    rows.add(
        new AppliedMigration(
            rows.size() + 1,
            migration.version(),
            migration.description(),
            type,
            migration.script(),
            migration.checksum(),
            "test",
            Instant.EPOCH,
            true));
  }

  private void foreign(String version, String description) {
    rows.add(
        new AppliedMigration(
            rows.size() + 1,
            Version.of(version),
            description,
            "JDBC",
            "db.migration.V" + version,
            null,
            "test",
            Instant.EPOCH,
            true));
  }

  private void files(String... names) throws IOException {
    for (String name : names) {
      file(name, "select '" + name + "'");
    }
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
