package io.whimbrel.executor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoPlanTest {

  @TempDir Path directory;
  private Optional<Version> baseline = Optional.empty();

  @BeforeEach
  void threeVersionsAndARepeatable() throws IOException {
    for (String name :
        List.of("V1__a.sql", "V2__b.sql", "V3__c.sql", "R__r.sql", "U3__c.sql", "U2__b.sql")) {
      Files.writeString(directory.resolve(name), "select 1");
    }
  }

  @Test
  void theLastVersionIsTakenBackByName() {
    assertThat(select(new UndoSelection.Named("c"))).containsExactly("V3__c.sql U3__c.sql");
    assertThat(select(new UndoSelection.Named("3.0"))).containsExactly("V3__c.sql U3__c.sql");
  }

  @Test
  void aVersionBelowAnotherIsRefusedWithTheWayToDoIt() {
    assertThatThrownBy(() -> select(new UndoSelection.Named("2")))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "Later versions are applied and would be left without it: V3__c.sql; roll back down to"
                + " the version before instead");
    assertThatThrownBy(() -> select(new UndoSelection.Named("nothing")))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void aGreaterVersionThatWasThereBeforeMayStay() {
    List<AppliedMigration> rows =
        List.of(row(1, "3", "c", "V3__c.sql"), row(2, "2", "b", "V2__b.sql"));

    assertThat(select(new UndoSelection.Named("2"), rows)).containsExactly("V2__b.sql U2__b.sql");
  }

  @Test
  void downToAVersionTakesBackAllAboveIt() {
    assertThat(select(new UndoSelection.DownTo("1")))
        .containsExactly("V3__c.sql U3__c.sql", "V2__b.sql U2__b.sql");
    assertThat(select(new UndoSelection.DownTo("0"))).hasSize(3).last().isEqualTo("V1__a.sql -");
    assertThat(select(new UndoSelection.DownTo("3"))).isEmpty();

    baseline = Optional.of(Version.of("1"));
    assertThatThrownBy(() -> select(new UndoSelection.DownTo("0")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("adopted at version 1");
  }

  @Test
  void whatARunHasAppliedIsTakenBackLastFirst() {
    List<String> scripts = List.of("V2__b.sql", "R__r.sql", "V3__c.sql", "V9__undone.sql");

    assertThat(select(new UndoSelection.Applied(scripts)))
        .containsExactly("R__r.sql -", "V3__c.sql U3__c.sql", "V2__b.sql U2__b.sql");
  }

  @Test
  void aMissingFileDoesNotStandInTheWay() throws IOException {
    Files.delete(directory.resolve("V3__c.sql"));
    Files.delete(directory.resolve("U3__c.sql"));

    assertThat(select(new UndoSelection.Named("3"))).containsExactly("V3__c.sql -");
  }

  private List<String> select(UndoSelection selection) {
    List<AppliedMigration> rows =
        List.of(
            row(1, "1", "a", "V1__a.sql"),
            row(2, "2", "b", "V2__b.sql"),
            row(3, "3", "c", "V3__c.sql"),
            row(4, null, "r", "R__r.sql"));
    return select(selection, rows);
  }

  private List<String> select(UndoSelection selection, List<AppliedMigration> rows) {
    return new UndoPlan(
            new FlywayCatalogueReader().read(List.of(directory)), new History(rows, baseline, true))
        .select(selection).stream()
            .map(one -> one.applied().script() + " " + one.undo().map(u -> u.script()).orElse("-"))
            .toList();
  }

  private static AppliedMigration row(
      int rank, @Nullable String version, String description, String script) {
    return new AppliedMigration(
        rank,
        version == null ? null : Version.of(version),
        description,
        "SQL",
        script,
        1,
        "test",
        Instant.EPOCH,
        true);
  }
}
