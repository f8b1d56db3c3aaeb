package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.BackupScope;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A backup of some tables of a database, and whether a restore gives back what it saw. */
record Trial(
    TestDatabase database,
    List<String> schemas,
    List<TableName> tables,
    Backup backup,
    Everything before) {

  /** Long enough for autovacuum to give way, which it does after a second. */
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

  static Trial of(
      TestDatabase database, List<String> schemas, List<TableName> tables, Path directory)
      throws Exception {
    return of(database, schemas, tables, new DirectoryPlace(directory));
  }

  static Trial of(
      TestDatabase database, List<String> schemas, List<TableName> tables, BackupPlace place)
      throws Exception {
    Everything before = Everything.of(database);
    var request =
        new BackupRequest(
            "trial",
            database::open,
            BackupScope.TOUCHED,
            tables,
            schemas,
            UUID.fromString("11111111-2222-3333-4444-555555555555"),
            place,
            Shop.LOCK_TIMEOUT);
    Backup backup = new BackupWriter().write(request, progress -> {});
    return new Trial(database, schemas, tables, backup, before);
  }

  /** Runs a script as a run would. */
  Recorded damage(List<String> script, boolean tolerant) throws SQLException {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      ContentState begin = ContentFingerprint.take(connection, schemas, tables, null);
      TestDatabase.execute(connection, "SET LOCAL search_path = " + path());
      for (String statement : script) {
        if (tolerant) {
          attempt(connection, statement);
        } else {
          TestDatabase.execute(connection, statement);
        }
      }
      TestDatabase.execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
      ContentState end = ContentFingerprint.take(connection, schemas, tables, begin);
      connection.commit();
      return new Recorded(begin, end);
    }
  }

  private static void attempt(Connection connection, String statement) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      TestDatabase.execute(connection, statement);
    } catch (SQLException e) {
      connection.rollback(savepoint);
    }
  }

  RestoreReport restore(Recorded recorded) throws Exception {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      var request =
          new RestoreRequest(
              backup.place(),
              backup.manifestSha256(),
              schemas,
              List.of(),
              List.of(recorded),
              false,
              LOCK_TIMEOUT);
      RestoreReport report = new Restore().run(request, connection);
      connection.commit();
      return report;
    }
  }

  boolean isDamaged() throws Exception {
    Everything now = Everything.of(database);
    return !now.rows().equals(before.rows())
        || !before.structure().differences(now.structure()).isEmpty();
  }

  void isAsBefore() throws Exception {
    Everything after = Everything.of(database);
    assertThat(
            before.structure().differences(after.structure()).stream()
                .map(
                    subject ->
                        before.structure().fact(subject)
                            + "\n    now "
                            + after.structure().fact(subject)))
        .isEmpty();
    assertThat(after.rows().keySet()).isEqualTo(before.rows().keySet());
    for (String table : before.rows().keySet()) {
      assertThat(after.rows().get(table)).as(table).isEqualTo(before.rows().get(table));
    }
  }

  private String path() {
    return Quoted.names(schemas);
  }
}
