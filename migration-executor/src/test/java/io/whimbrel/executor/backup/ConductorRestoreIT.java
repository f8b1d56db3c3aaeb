package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.CatalogueReaders;
import io.whimbrel.executor.catalog.ConductorScripts;
import io.whimbrel.executor.reversal.fill.GeneratedRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each migration of a real project, upon what those before it made, full of generated rows. */
class ConductorRestoreIT {
  private static final int ROWS = 30;
  private static final String TABLES =
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
  private static final String OIDS =
      "SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";

  @TempDir Path directory;

  @Test
  void everyMigrationIsTakenBackByARestore() throws Exception {
    List<String> before = new ArrayList<>();
    for (Path script : scripts()) {
      TestDatabase database = TestDatabase.create();
      database.run(before.toArray(String[]::new));
      long filled = fill(database);
      String sql = Files.readString(script);
      Trial trial = trial(database, directory.resolve("of" + before.size()));

      Recorded recorded = trial.damage(List.of(sql), false);
      assertThat(trial.isDamaged()).as(script.toString()).isTrue();
      trial.restore(recorded);

      trial.isAsBefore();
      assertThat(filled).as(script.toString()).isGreaterThanOrEqualTo(before.isEmpty() ? 0 : 14);
      before.add(sql);
    }
    assertThat(before).hasSize(8);
  }

  private List<Path> scripts() throws IOException {
    return CatalogueReaders.of("flyway")
        .read(ConductorScripts.copyTo(directory))
        .versioned()
        .stream()
        .map(migration -> migration.location().resolve(migration.script()))
        .toList();
  }

  /** Answers how many tables have rows then. */
  private static long fill(TestDatabase database) throws SQLException {
    List<Long> oids = database.rows(OIDS).stream().map(Long::valueOf).toList();
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      new GeneratedRows(connection, ROWS).fill(oids);
      connection.commit();
    }
    long filled = 0;
    for (String table : database.rows(TABLES)) {
      if (!database.rows("SELECT count(*) FROM " + table).equals(List.of("0"))) {
        filled++;
      }
    }
    return filled;
  }

  private static Trial trial(TestDatabase database, Path place) throws Exception {
    List<TableName> tables = database.rows(TABLES).stream().map(Shop::table).toList();
    return Trial.of(database, List.of("public"), tables, place);
  }
}
