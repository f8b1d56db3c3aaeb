package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackIT {

  @TempDir Path home;

  @Test
  void aSecondStartKeepsDataPasswordsAndTargetsOfBefore() throws Exception {
    StackOptions options = infrastructure();
    String key;
    try (LocalStack stack = LocalStack.start(options)) {
      stack.postgres().execute("demo", "create table kept ()");
      stack.createTarget("orders", List.of(home));
      key = keyOf(stack);
      assertThat(Files.readString(StackFile.of(home)))
          .contains("POSTGRES_URL=" + stack.postgres().url("postgres") + "\n")
          .contains("ISSUER_URL=" + stack.issuerUrl() + "\n");
      assertThat(Files.getPosixFilePermissions(StackFile.of(home)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(StackFile.of(home)).doesNotExist();

    try (LocalStack stack = LocalStack.start(options)) {
      stack.postgres().execute("demo", "table kept");
      assertThat(Files.readString(stack.targetsFile()))
          .containsOnlyOnce("- name: demo\n")
          .containsOnlyOnce("- name: orders\n");
      assertThat(keyOf(stack)).isEqualTo(key);
    }
  }

  @Test
  void theRolesOfATargetMayWhatTheyNeedAndNoMore() throws Exception {
    try (LocalStack stack = LocalStack.start(infrastructure());
        Connection migrator = connect(stack, LocalStack.MIGRATOR);
        Connection reader = connect(stack, LocalStack.READER)) {
      run(migrator, "create table t (id int)");
      run(migrator, "create database scratch");
      run(reader, "select * from t");
      assertThatThrownBy(() -> run(migrator, "create role x"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> run(reader, "insert into t values (1)"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("read-only");
    }
  }

  @Test
  void theCatalogueOfTheDemoIsTheProjectsOwn() {
    Path directory = home.resolve("catalogue");
    assertThat(DemoTarget.extractCatalogue(directory))
        .containsExactly(directory.resolve("db/migration_postgres"));
    assertThat(Directories.list(directory.resolve("db/migration_postgres"))).hasSize(8);
  }

  @Test
  void aDisposableStackLeavesNothing() throws Exception {
    StackOptions options = StackOptions.temporary().withoutServices();
    List<ProcessHandle> started;
    try (LocalStack stack = LocalStack.start(options)) {
      started = ProcessHandle.current().descendants().toList();
      assertThat(stack.kafka().running()).isTrue();
    }
    assertThat(options.home()).doesNotExist();
    assertThat(started.stream().filter(LocalStackIT::ofThisStack)).isEmpty();
    assertThat(options.ports().all().keySet()).noneMatch(Ports::taken);
  }

  private static boolean ofThisStack(ProcessHandle process) {
    return process.info().commandLine().filter(line -> line.contains("whimbrel-stack")).isPresent();
  }

  private StackOptions infrastructure() {
    return new StackOptions(
        home,
        false,
        false,
        true,
        StackPorts.free(),
        EnumSet.noneOf(ServiceName.class),
        Map.of(),
        line -> {});
  }

  private Connection connect(LocalStack stack, String role) throws SQLException {
    return DriverManager.getConnection(
        stack.postgres().url("demo"), role, Credentials.of(home).get(role));
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String keyOf(LocalStack stack) {
    return Credentials.of(stack.home()).get(Credentials.SIGNING_KEY);
  }
}
