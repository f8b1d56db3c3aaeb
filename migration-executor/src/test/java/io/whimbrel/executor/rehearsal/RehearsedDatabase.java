package io.whimbrel.executor.rehearsal;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptConfig;
import io.whimbrel.executor.catalog.ScriptText;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureReader;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A target on a server of a given version, on which scripts are rehearsed; gone when closed. */
public final class RehearsedDatabase implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String OWNER = "rehearser";

  private final EmbeddedPostgres server;
  private final String name;

  private RehearsedDatabase(EmbeddedPostgres server, String name) {
    this.server = server;
    this.name = name;
  }

  /** On PostgreSQL 15 or 18, with these tables. */
  public static RehearsedDatabase on(int version, String structure) throws SQLException {
    EmbeddedPostgres server =
        version == 15 ? EmbeddedPostgres.sharedOldest() : EmbeddedPostgres.shared();
    var database = new RehearsedDatabase(server, "rehearsed_" + NUMBER.incrementAndGet());
    server.createDatabase(database.name, OWNER, "secret");
    server.createUser(OWNER, "secret", "CREATEDB");
    database.run(structure);
    return database;
  }

  public void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url(name), OWNER, "secret");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public Structure structure() throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url(name), OWNER, "secret")) {
      return StructureReader.read(connection);
    }
  }

  String value(String query) throws SQLException {
    try (Connection connection = server.connect(name);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Rehearses texts as the scripts V1, V2 and so on. */
  public RehearsalReport rehearse(String... texts) throws SQLException {
    return rehearse(RehearsalLimits.DEFAULT, texts);
  }

  public RehearsalReport rehearse(RehearsalLimits limits, String... texts) throws SQLException {
    return Rehearsal.rehearse(target(), UUID.randomUUID(), scripts(List.of(texts)), limits);
  }

  static List<Script> scripts(List<String> texts) {
    var placeholders = new Placeholders(Map.of(), "public", "me", "db", "2026-01-01 00:00:00");
    List<Script> scripts = new ArrayList<>();
    for (String text : texts) {
      String version = Integer.toString(scripts.size() + 1);
      var migration =
          new Migration(
              Migration.Kind.VERSIONED,
              Version.of(version),
              "test",
              "V" + version + "__test.sql",
              Path.of("."),
              0,
              ScriptConfig.DEFAULT,
              ScriptText.of(text));
      scripts.add(Script.of(migration, placeholders));
    }
    return scripts;
  }

  Target target() {
    return DyingRehearsal.target(server.url(name), OWNER);
  }

  @Override
  public void close() {
    server.dropDatabase(name);
  }
}
