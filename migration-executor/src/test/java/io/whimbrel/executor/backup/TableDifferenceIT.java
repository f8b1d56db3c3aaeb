package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableDifferenceIT {
  private static final TableName ITEM = new TableName("public", "item");
  private static final String PLACES = "SELECT xmin, ctid, * FROM item ORDER BY ctid";
  private static final long AHEAD = 1_000_000;

  @TempDir Path directory;
  TestDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = TestDatabase.create();
  }

  @Test
  void rowsThatDidNotChangeKeepTheirPlace() throws Exception {
    database.run(
        "CREATE TABLE item (note text, a int, twice int GENERATED ALWAYS AS (a * 2) STORED,"
            + " b text, at int UNIQUE, PRIMARY KEY (b, a))",
        "CREATE INDEX ON item (note)",
        "INSERT INTO item (note, a, b, at) SELECT repeat(md5(i::text), CASE WHEN i % 1000 = 1 THEN"
            + " 5000 ELSE i % 30 END), i % 7, E'\\t\\n"
            + "\\\\' || i, i FROM generate_series(1, 6000) i",
        "DELETE FROM item WHERE at % 5 = 0");
    assertRestored(
        true,
        "UPDATE item SET note = 'x' WHERE at % 100 = 1",
        "DELETE FROM item WHERE at % 100 = 2",
        "UPDATE item SET at = -at WHERE at IN (3, 4)",
        "UPDATE item SET at = 7 + at WHERE at IN (-3, -4)",
        "INSERT INTO item (a, b, at) SELECT 1, 'new' || i, 10000 + i FROM generate_series(1, 9)"
            + " i");
  }

  @Test
  void rowsWithoutAKeyAreToldApartByAllTheyHold() throws Exception {
    database.run(
        "CREATE TABLE item (a int, note text)",
        "INSERT INTO item SELECT i / 4, CASE WHEN i % 3 = 0 THEN NULL ELSE '\\N' END"
            + " FROM generate_series(1, 400) i");
    assertRestored(
        true,
        "DELETE FROM item WHERE ctid = '(0,9)' OR ctid = '(0,10)'",
        "UPDATE item SET a = 0 WHERE a IN (3, 5)");
  }

  @Test
  void onlyThePartitionThatChangedIsWritten() throws Exception {
    database.run(
        "CREATE TABLE item (id int PRIMARY KEY, note text) PARTITION BY RANGE (id)",
        "CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE item_2 PARTITION OF item FOR VALUES FROM (100) TO (200)",
        "INSERT INTO item SELECT i, 'note' FROM generate_series(0, 199) i");
    assertRestored(
        true,
        "UPDATE item SET note = 'x' WHERE id = 5",
        "DELETE FROM item WHERE id = 105",
        "UPDATE item SET id = 105 WHERE id = 6");
  }

  /**
   * Their transaction began before the backup, so that others could not be told from newer ones.
   */
  @Test
  void rowsBesideAnOldTransactionComeBackAsTheyWere() throws Exception {
    items(300);
    try (Connection old = database.open()) {
      old.setAutoCommit(false);
      TestDatabase.execute(old, "CREATE TABLE other (id int)");
      database.run("UPDATE item SET note = 'before the backup' WHERE id <= 40");
      Trial trial = trial();
      Recorded recorded = trial.damage(List.of("UPDATE item SET note = 'x' WHERE id = 7"), false);
      old.rollback();

      trial.restore(recorded);

      trial.isAsBefore();
    }
  }

  @Test
  void aTableOfWhichMostHasChangedIsLoaded() throws Exception {
    items(300);
    assertRestored(false, "UPDATE item SET note = 'x' WHERE id > 100");
  }

  @Test
  void aTableThatWasPutInAnotherOrderIsLoaded() throws Exception {
    items(300);
    database.run("CREATE INDEX item_note ON item (note)");
    Trial trial = trial();
    Recorded recorded = trial.damage(List.of("UPDATE item SET note = 'x' WHERE id = 7"), false);
    database.run("CLUSTER item USING item_note");

    trial.restore(recorded);

    trial.isAsBefore();
  }

  @Test
  void aTableWithRulesIsLoaded() throws Exception {
    items(300);
    database.run("CREATE RULE kept AS ON DELETE TO item DO INSTEAD NOTHING");
    assertRestored(false, "UPDATE item SET note = 'x' WHERE id = 7");
  }

  /** As on a server that was set back to before the backup, and went on from there. */
  @Test
  void marksThatAreWrongAreNoticed() throws Exception {
    items(300);
    database.run("ALTER TABLE item ADD UNIQUE (note)");
    Trial changed = withHorizonAhead(trial());
    Recorded update = changed.damage(List.of("UPDATE item SET note = 'x' WHERE id = 7"), false);
    changed.restore(update);
    changed.isAsBefore();

    Trial taken =
        withHorizonAhead(
            Trial.of(
                database, List.of("public"), List.of(ITEM), directory.resolve("another backup")));
    Recorded exchange =
        taken.damage(
            List.of(
                "DELETE FROM item WHERE id = 8",
                "UPDATE item SET note = 'note 8' WHERE id = 7",
                "CREATE TEMPORARY TABLE ordered ON COMMIT DROP AS SELECT * FROM item ORDER BY id",
                "TRUNCATE item",
                "INSERT INTO item SELECT * FROM ordered ORDER BY id"),
            false);
    taken.restore(exchange);
    taken.isAsBefore();
  }

  private void items(int count) throws SQLException {
    database.run(
        "CREATE TABLE item (id int PRIMARY KEY, note text)",
        "INSERT INTO item SELECT i, 'note ' || i FROM generate_series(1, " + count + ") i");
  }

  private Trial trial() throws Exception {
    return Trial.of(database, List.of("public"), List.of(ITEM), directory.resolve("backup"));
  }

  private void assertRestored(boolean inPlace, String... damage) throws Exception {
    Trial trial = trial();
    List<String> before = database.rows(PLACES);
    Recorded recorded = trial.damage(List.of(damage), false);
    var unchanged = new ArrayList<>(before);
    unchanged.retainAll(database.rows(PLACES));
    assertThat(unchanged).isNotEmpty().hasSizeLessThan(before.size());

    trial.restore(recorded);

    trial.isAsBefore();
    if (inPlace) {
      assertThat(database.rows(PLACES)).containsAll(unchanged);
    } else {
      assertThat(writers()).as("transactions that wrote the rows").hasSize(1);
    }
  }

  private List<String> writers() throws SQLException {
    return database.rows("SELECT DISTINCT xmin FROM item");
  }

  private static Trial withHorizonAhead(Trial trial) throws IOException {
    Backup backup = trial.backup();
    Path manifest = ((DirectoryPlace) backup.place()).path().resolve(BackupFiles.MANIFEST);
    long horizon = backup.manifest().horizon();
    String json = Files.readString(manifest);
    String forged = json.replace("\"horizon\" : " + horizon, "\"horizon\" : " + (horizon + AHEAD));
    assertThat(forged).isNotEqualTo(json);
    Files.writeString(manifest, forged);
    return new Trial(
        trial.database(),
        trial.schemas(),
        trial.tables(),
        new Backup(backup.place(), BackupFiles.sha256(forged), backup.bytes(), backup.manifest()),
        trial.before());
  }
}
