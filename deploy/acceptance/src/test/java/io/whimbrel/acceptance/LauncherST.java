package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/local/up} as a user in a terminal starts, stops and kills it. */
class LauncherST {

  @TempDir Path directory;

  @Test
  void aKilledStackStartsAgainWithItsDataAndCtrlCLeavesNothing() throws Exception {
    Path home = directory.resolve("run");
    int ports = Up.freePorts();
    Up killed = Up.start(home, ports, Map.of());
    List<ProcessHandle> before;
    try {
      killed.awaitReady();
      sql(killed, "create table kept (id int primary key)");
      before = killed.children();
      assertThat(before).hasSizeGreaterThan(6);
    } finally {
      killed.kill();
    }

    Up up = Up.start(home, ports, Map.of());
    List<ProcessHandle> children;
    try {
      up.awaitReady();
      assertThat(before).noneMatch(Up::lives);
      sql(up, "insert into kept values (1)");
      assertThat(Up.start(home, ports, Map.of()).refusal())
          .isEqualTo("deploy/local/up: The local stack is already running from " + home);
      assertThat(Up.start(directory.resolve("other"), ports, Map.of()).refusal())
          .startsWith("deploy/local/up: in use: port " + ports + " for api-gateway, ")
          .endsWith("; free it, or set WHIMBREL_PORT_BASE to the first of 50 free ports");
      children = up.children();
    } finally {
      up.interrupt();
    }

    assertThat(up.output()).contains("Stopped. The data are kept");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(children).noneMatch(Up::lives));
    assertThat(home.resolve("stack.env")).doesNotExist();
    assertThat(Up.allFree(ports)).isTrue();
  }

  @Test
  void whatStandsInTheWayIsSaidInOneLine() throws Exception {
    assertThat(refusal(Map.of("WHIMBREL_PORT_BASE", "80")))
        .isEqualTo(
            "deploy/local/up: WHIMBREL_PORT_BASE is 80; it has to be a number from 1000 to 65000");
    assertThat(
            refusal(
                instead(
                    "df", "echo header; echo '/dev/root 41152736 41050336 102400 100% /'", "disk")))
        .matches("deploy/local/up: only 100 MB are free on the disk of .*; 1 GB is needed");
    assertThat(refusal(instead("java", "echo 'openjdk version \"11.0.2\" 2019' >&2", "old")))
        .isEqualTo("deploy/local/up: Java 11 is too old; a JDK 17 or later is needed");
  }

  private String refusal(Map<String, String> environment) throws Exception {
    return Up.start(directory.resolve("run"), Up.freePorts(), environment).refusal();
  }

  /** A program of ours in the place of one of the system's. */
  private Map<String, String> instead(String program, String script, String name)
      throws IOException {
    Path bin = Files.createDirectories(directory.resolve(name));
    Path file = Files.writeString(bin.resolve(program), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return Map.of("PATH", bin + ":" + System.getenv("PATH"), "JAVA_HOME", "");
  }

  private static void sql(Up up, String sql) throws IOException, SQLException {
    try (Connection connection = up.connect("demo");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The launcher, in a process group of its own as a shell with job control would give it. */
  private record Up(Process process, Path home, Path log) {

    /** Where the ports of a stack are, as seen from the first. */
    private static final List<Integer> OFFSETS =
        List.of(0, 1, 2, 3, 10, 11, 12, 13, 20, 30, 31, 40);

    static Up start(Path home, int ports, Map<String, String> environment) throws IOException {
      Path log = Files.createTempFile(home.getParent(), "up", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(
              "setsid",
              "env",
              // Whoever runs the tests in the background has made every child deaf to Ctrl-C.
              "--default-signal=INT",
              Path.of("../local/up").toRealPath().toString(),
              // The services were packaged by the build that runs this.
              "--no-build");
      builder.environment().put("WHIMBREL_HOME", home.toString());
      builder.environment().put("WHIMBREL_PORT_BASE", Integer.toString(ports));
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      return new Up(builder.start(), home, log);
    }

    static int freePorts() throws IOException {
      for (int base = 21_000; base < 32_000; base += 50) {
        if (allFree(base)) {
          return base;
        }
      }
      throw new IOException("No 50 free ports");
    }

    static boolean allFree(int base) {
      return OFFSETS.stream().allMatch(offset -> free(base + offset));
    }

    private static boolean free(int port) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.isBound();
      } catch (IOException e) {
        return false;
      }
    }

    static boolean lives(ProcessHandle process) {
      // An orphan that nobody waits for stays as a name without a command line.
      return process.isAlive() && process.info().command().isPresent();
    }

    void awaitReady() {
      await()
          .atMost(Duration.ofMinutes(3))
          .failFast("the launcher has ended; see its log", () -> !process.isAlive())
          .until(() -> output().contains("The local stack is running."));
    }

    List<ProcessHandle> children() {
      return process.descendants().toList();
    }

    Connection connect(String database) throws IOException, SQLException {
      Properties stack = new Properties();
      try (Reader reader = Files.newBufferedReader(home.resolve("stack.env"))) {
        stack.load(reader);
      }
      return DriverManager.getConnection(
          stack.getProperty("POSTGRES_URL", "").replaceFirst("[^/]+$", database),
          stack.getProperty("POSTGRES_USER"),
          stack.getProperty("POSTGRES_PASSWORD"));
    }

    void kill() throws InterruptedException {
      process.toHandle().destroyForcibly();
      process.waitFor();
    }

    /** As Ctrl-C: to the whole process group. Returns when the launcher has ended. */
    void interrupt() throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-s", "INT", "--", "-" + process.pid()).start().waitFor();
      process.waitFor();
    }

    /** What it says instead of starting. */
    String refusal() throws InterruptedException {
      assertThat(process.waitFor()).as("%s", output()).isEqualTo(1);
      return output().strip();
    }

    String output() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
