package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

  @TempDir Path directory;

  @Test
  void testsShareOneServer() throws SQLException {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    String url = server.createDatabase("orders", "clerk", "secret");

    assertThat(EmbeddedPostgres.shared().port()).isEqualTo(server.port());
    assertThat(ask(url + "?user=clerk", "select current_user || version()"))
        .startsWith("clerkPostgreSQL 18");
  }

  @Test
  void aDatabaseIsEmptyWhenItIsCreatedAgain() throws SQLException {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    server.createDatabase("again");
    server.execute("again", "create table t (id int)");
    try (Connection open = server.connect("again")) {
      server.createDatabase("again");
      assertThat(open.isValid(1)).isFalse();
    }
    assertThat(ask(server.superuserUrl("again"), "select to_regclass('t') is null")).isEqualTo("t");
  }

  @Test
  void theStacksServerKeepsDataOverAKillAndAsksForAPassword() throws Exception {
    Path log = directory.resolve("postgres.log");
    try (EmbeddedPostgres server =
        EmbeddedPostgres.durable(directory, Ports.free(), log, "", child -> {})) {
      server.execute("postgres", "create table kept as select 7 as n");
      assertThat(ask(server.superuserUrl(), "show fsync")).isEqualTo("on");
      assertThat(ask(server.superuserUrl(), "show password_encryption")).isEqualTo("scram-sha-256");
      assertThatThrownBy(
              () -> ask(server.url("postgres") + "?user=postgres&password=wrong", "select 1"))
          .isInstanceOf(SQLException.class);

      server.kill();
      assertThat(server.running()).isFalse();
      server.start();
      assertThat(ask(server.superuserUrl(), "select n from kept")).isEqualTo("7");
    }
    try (EmbeddedPostgres server =
        EmbeddedPostgres.durable(directory, Ports.free(), log, "", child -> {})) {
      assertThat(ask(server.superuserUrl(), "select n from kept")).isEqualTo("7");
      assertThat(Files.readString(log)).doesNotContain(server.password());
    }
  }

  private static String ask(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
