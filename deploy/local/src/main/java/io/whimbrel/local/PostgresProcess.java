package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's process and its data directory. A data directory has its name only once it is
 * complete, so an interrupted first start is simply repeated.
 */
final class PostgresProcess {

  private static final List<String> FOR_TESTS =
      List.of(
          "fsync=off",
          "synchronous_commit=off",
          "full_page_writes=off",
          "shared_preload_libraries=pg_stat_statements");

  private final PostgresBinaries binaries;
  private final Path home;
  private final int port;
  private final Path log;
  private final boolean durable;
  private final String rubbish;
  private final Consumer<ChildProcess> started;
  private final @Nullable Path passwordFile;
  private @Nullable ChildProcess child;

  private PostgresProcess(
      PostgresBinaries binaries,
      Path home,
      int port,
      Path log,
      boolean durable,
      String rubbish,
      Consumer<ChildProcess> started,
      @Nullable Path passwordFile) {
    this.binaries = binaries;
    this.home = home;
    this.port = port;
    this.log = log;
    this.durable = durable;
    this.rubbish = rubbish;
    this.started = started;
    this.passwordFile = passwordFile;
  }

  static PostgresProcess temporary(PostgresBinaries binaries, Path home, int port) {
    Path log = home.resolve("postgres.log");
    return new PostgresProcess(
        binaries, home, port, log, false, home.toString(), child -> {}, null);
  }

  static PostgresProcess durable(
      Path home,
      Path passwordFile,
      int port,
      Path log,
      String rubbish,
      Consumer<ChildProcess> started) {
    return new PostgresProcess(
        PostgresBinaries.NEWEST, home, port, log, true, rubbish, started, passwordFile);
  }

  int port() {
    return port;
  }

  ChildProcess child() {
    if (child == null) {
      throw new IllegalStateException("PostgreSQL was not started");
    }
    return child;
  }

  boolean running() {
    return child != null && child.alive();
  }

  void start() {
    if (running()) {
      return;
    }
    if (!Files.isDirectory(data())) {
      initialise();
    }
    forgetDeadServer();
    child =
        ChildProcess.start(
            new ChildProcess.Spec(
                "postgres", serverCommand(), Map.of("LC_ALL", "C"), home, log, "QUIT", rubbish));
    started.accept(child);
  }

  void kill() {
    ChildProcess server = child();
    List<ProcessHandle> own = server.handle().descendants().toList();
    server.kill();
    own.forEach(handle -> awaitEnd(handle));
  }

  void stop() {
    // SIGINT is PostgreSQL's fast shutdown: sessions end, nothing is lost.
    child().stop("INT", Duration.ofSeconds(30));
  }

  void close() {
    if (child != null) {
      stop();
    }
    if (!durable) {
      Directories.delete(home);
    }
  }

  private Path data() {
    return home.resolve("data");
  }

  private void initialise() {
    Path draft = home.resolve("data.new");
    Directories.delete(draft);
    List<String> command = program("initdb");
    command.addAll(List.of("-D", draft.toString(), "-U", EmbeddedPostgres.SUPERUSER));
    command.addAll(List.of("-E", "UTF8", "--locale=C"));
    if (binaries == PostgresBinaries.NEWEST) {
      command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    }
    if (passwordFile == null) {
      command.addAll(List.of("-A", "trust"));
    } else {
      command.addAll(List.of("-A", "scram-sha-256", "--pwfile=" + passwordFile));
    }
    if (!durable) {
      command.add("--no-sync");
    }
    ChildProcess initdb =
        ChildProcess.start(
            new ChildProcess.Spec("initdb", command, Map.of("LC_ALL", "C"), home, log));
    Wait.until(initdb, Duration.ofMinutes(2), () -> finished(initdb));
    try {
      Files.move(draft, data(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("initdb failed" + Wait.tail(initdb), e);
    }
  }

  private static boolean finished(ChildProcess initdb) {
    return !initdb.alive();
  }

  private List<String> serverCommand() {
    List<String> command = program("postgres");
    command.addAll(List.of("-D", data().toString(), "-p", Integer.toString(port)));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "listen_addresses=localhost",
                "unix_socket_directories=",
                "max_connections=300",
                "shared_buffers=64MB",
                "timezone=UTC"));
    if (!durable) {
      settings.addAll(FOR_TESTS);
    }
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }

  /** PostgreSQL refuses to run as root; a user namespace, where it is nobody, satisfies it. */
  private List<String> program(String name) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      if (!Commands.exists("unshare")) {
        throw new IllegalStateException(
            "PostgreSQL does not run as root, and there is no unshare to pretend otherwise");
      }
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binaries.unpacked().resolve("bin").resolve(name).toString());
    return command;
  }

  /** The pid file of a killed server keeps the next one away once its number is taken again. */
  private void forgetDeadServer() {
    Path pidFile = data().resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    try {
      long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
      boolean ours =
          ProcessHandle.of(pid)
              .flatMap(handle -> handle.info().commandLine())
              .filter(line -> line.contains(data().toString()))
              .isPresent();
      if (!ours) {
        Files.delete(pidFile);
      }
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      throw new IllegalStateException("Cannot read " + pidFile, e);
    }
  }

  private static void awaitEnd(ProcessHandle handle) {
    for (int i = 0; i < 100 && handle.isAlive(); i++) {
      Wait.pause();
    }
  }
}
