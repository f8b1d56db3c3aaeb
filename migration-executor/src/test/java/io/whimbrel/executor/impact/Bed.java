package io.whimbrel.executor.impact;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptConfig;
import io.whimbrel.executor.catalog.ScriptText;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of a role without special rights, on the newest server or on the oldest. */
public final class Bed {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final EmbeddedPostgres server;
  private final String name = "bed_" + NUMBER.incrementAndGet();
  private final String url;

  private Bed(EmbeddedPostgres server) {
    this.server = server;
    this.url = server.createDatabase(name, name, "secret");
  }

  public static Bed newest() {
    return new Bed(EmbeddedPostgres.shared());
  }

  public static Bed oldest() {
    return new Bed(EmbeddedPostgres.sharedOldest());
  }

  public Bed run(String... statements) throws SQLException {
    try (Connection connection = connect()) {
      execute(connection, statements);
    }
    return this;
  }

  public void asSuperuser(String sql) {
    server.execute(name, sql);
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url + "?ApplicationName=somebody", name, "secret");
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  public String role() {
    return name;
  }

  public Target target() {
    Login login = Login.of(name);
    return new Target(
        "orders",
        url,
        List.of(Path.of("catalog")),
        "flyway",
        login,
        login,
        List.of("public"),
        Map.of(),
        false,
        "1",
        false,
        Policy.DEFAULT);
  }

  public static Script script(String name, String... statements) {
    var migration =
        new Migration(
            Migration.Kind.VERSIONED,
            Version.of("1"),
            "test",
            name,
            Path.of("catalog"),
            0,
            ScriptConfig.DEFAULT,
            ScriptText.of(String.join(";\n", statements)));
    return Script.of(
        migration, new Placeholders(Map.of(), "public", "me", "db", "2026-01-01 00:00:00"));
  }
}
