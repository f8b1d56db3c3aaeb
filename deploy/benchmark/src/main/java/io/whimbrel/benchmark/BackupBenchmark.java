package io.whimbrel.benchmark;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.Backup;
import io.whimbrel.executor.backup.BackupRequest;
import io.whimbrel.executor.backup.BackupVerifier;
import io.whimbrel.executor.backup.BackupWriter;
import io.whimbrel.executor.backup.DirectoryStore;
import io.whimbrel.executor.backup.Restore;
import io.whimbrel.executor.backup.RestoreRequest;
import io.whimbrel.local.EmbeddedPostgres;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Backs up one table of ten and brings it back, and does the same with the least that could do:
 * COPY into zstd at the same level onto the disk; COPY in and the indexes built. What a restore
 * finds is damaged alike in every round: a column that is gone makes it load everything, one
 * percent of the rows changed makes it mend these.
 */
final class BackupBenchmark {
  private static final String USER = "backup_benchmark";
  private static final int TABLES = 10;
  private static final int BYTES_OF_A_ROW = 150;
  private static final int BUFFER = 1 << 16;
  private static final TableName TABLE = new TableName("public", "t1");
  private static final String COLUMNS =
      "id bigint not null, account int not null, amount numeric(12, 2), at timestamptz, note text";
  private static final List<String> INDEXES =
      List.of(
          "alter table %s add primary key (id)",
          "create index on %s (account)", "create index on %s (at)");

  private final EmbeddedPostgres server;
  private final DirectoryStore store;
  private final Path floor;
  private final String url;
  private final int megabytes;
  private final Measurements backups = new Measurements();
  private final Measurements reloads = new Measurements();
  private final Measurements differences = new Measurements();

  private BackupBenchmark(EmbeddedPostgres server, Path home, int megabytes) {
    this.server = server;
    this.store = new DirectoryStore(home.resolve("backups"));
    this.floor = home.resolve("floor.zst");
    this.megabytes = megabytes;
    this.url =
        server.createDatabase(USER, USER, "benchmark") + "?user=" + USER + "&password=benchmark";
  }

  static void run(Options options) throws Exception {
    OwnServer.with(
        (server, home) ->
            new BackupBenchmark(server, home, options.count()).rounds(options.rounds()));
  }

  private void rounds(int rounds) throws Exception {
    tables();
    System.out.printf(
        "backup, one table of ten of %s in a database of %s, %d rounds, heap of %d MB, fsync on,"
            + " Java %s%n%n",
        value("select pg_size_pretty(pg_table_size('t1'))"),
        value("select pg_size_pretty(pg_database_size(current_database()))"),
        rounds,
        Runtime.getRuntime().maxMemory() >> 20,
        Runtime.version());
    // The first round warms up the process.
    for (int round = -1; round < rounds; round++) {
      round(round >= 0);
    }
    System.out.println(Measurements.HEAD);
    System.out.print(backups.rows("backup"));
    System.out.print(reloads.rows("restore, everything"));
    System.out.print(differences.rows("restore, 1 % changed"));
  }

  private void round(boolean counts) throws Exception {
    long plain = timed(this::copyOut);
    Backup[] taken = new Backup[1];
    long written = timed(() -> taken[0] = write("one", BackupScope.TOUCHED));
    Backup backup = taken[0];
    long read = timed(() -> verify(backup));
    long whole = timed(() -> write("whole", BackupScope.DATABASE));
    store.place("benchmark/whole").remove();

    execute("drop table if exists again");
    execute("create table again (" + COLUMNS + ")");
    long least = timed(this::copyIn);
    execute("drop table again");
    execute("alter table t1 drop note");
    long loaded = timed(() -> restore(backup));
    Backup another = write("another", BackupScope.TOUCHED);
    execute("update t1 set amount = amount + 1 where id % 100 = 0");
    long mended = timed(() -> restore(another));
    if (counts) {
      backups.add("floor: COPY into zstd", plain);
      backups.add(Measurements.WHIMBREL, written);
      backups.add("whimbrel, read back as well", written + read);
      backups.add("whimbrel, the whole database", whole);
      reloads.add("floor: COPY in, indexes", least);
      reloads.add(Measurements.WHIMBREL, loaded);
      differences.add("everything loaded", loaded);
      differences.add(Measurements.WHIMBREL, mended);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Every one begins with all on the disk that was written before. */
  private long timed(Work work) throws Exception {
    server.execute("postgres", "checkpoint");
    long begin = System.nanoTime();
    work.run();
    return System.nanoTime() - begin;
  }

  private void copyOut() throws SQLException, IOException {
    try (Connection connection = open();
        OutputStream out =
            new BufferedOutputStream(
                new ZstdOutputStream(Files.newOutputStream(floor)).setChecksum(true), BUFFER)) {
      copies(connection).copyOut("copy t1 to stdout", out);
    }
    try (FileChannel file = FileChannel.open(floor, StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }

  private void copyIn() throws SQLException, IOException {
    try (Connection connection = open();
        InputStream in =
            new ZstdInputStream(new BufferedInputStream(Files.newInputStream(floor), BUFFER))) {
      connection.setAutoCommit(false);
      copies(connection).copyIn("copy again from stdin", in, BUFFER);
      try (Statement statement = connection.createStatement()) {
        for (String index : INDEXES) {
          statement.execute(index.formatted("again"));
        }
      }
      connection.commit();
    }
  }

  private Backup write(String name, BackupScope scope) throws Exception {
    return new BackupWriter()
        .write(
            new BackupRequest(
                "benchmark",
                this::open,
                scope,
                List.of(TABLE),
                List.of("public"),
                UUID.fromString("11111111-2222-3333-4444-555555555555"),
                store.place("benchmark/" + name),
                Duration.ofSeconds(30)),
            progress -> {});
  }

  private static void verify(Backup backup) throws Exception {
    new BackupVerifier()
        .verify(backup.place(), backup.manifestSha256(), backup.manifest().identity());
  }

  private void restore(Backup backup) throws Exception {
    try (Connection connection = open()) {
      connection.setAutoCommit(false);
      new Restore()
          .run(
              new RestoreRequest(
                  backup.place(),
                  backup.manifestSha256(),
                  List.of("public"),
                  List.of(),
                  List.of(),
                  true,
                  Duration.ofSeconds(30)),
              connection);
      connection.commit();
    }
  }

  private void tables() throws SQLException {
    long rows = megabytes * 1_000_000L / BYTES_OF_A_ROW;
    execute("create table t1 (" + COLUMNS + ")");
    execute(
        "insert into t1 select i, i % 100000, i * 1.37, timestamptz '2025-01-01' + i * interval '7"
            + " s', md5(i::text) || ' ' || md5((-i)::text) from generate_series(1, "
            + rows
            + ") i");
    for (String index : INDEXES) {
      execute(index.formatted("t1"));
    }
    for (int i = 2; i <= TABLES; i++) {
      execute("create table t%d (%s)".formatted(i, COLUMNS));
      execute("insert into t%d select * from t1".formatted(i));
    }
    execute("vacuum analyze");
  }

  private static CopyManager copies(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(url);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String value(String sql) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
