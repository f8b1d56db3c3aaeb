package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code deploy/local/up} runs. */
final class Launcher {

  private static final long SPACE_NEEDED = 1L << 30;

  private final Path home;
  private final StackPorts ports;
  private final Attendant attendant = new Attendant();
  private volatile @Nullable LocalStack stack;

  private Launcher(Path home, StackPorts ports) {
    this.home = home;
    this.ports = ports;
  }

  public static void main(String[] arguments) throws IOException {
    List<String> options = List.of(arguments);
    Path home = Directories.create(RunningStack.home());
    try (FileChannel channel =
            FileChannel.open(
                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new IllegalStateException("The local stack is already running from " + home);
      }
      Launcher launcher = new Launcher(home, ports());
      System.exit(launcher.run(options));
    } catch (IllegalStateException | UncheckedIOException e) {
      System.err.println("deploy/local/up: " + e.getMessage());
      System.exit(1);
    }
  }

  private static StackPorts ports() {
    String base = System.getenv("WHIMBREL_PORT_BASE");
    if (base == null) {
      return StackPorts.usual();
    }
    if (!base.matches("[1-9][0-9]{3,4}") || Integer.parseInt(base) > 65_000) {
      throw new IllegalStateException(
          "WHIMBREL_PORT_BASE is " + base + "; it has to be a number from 1000 to 65000");
    }
    return StackPorts.from(Integer.parseInt(base));
  }

  private int run(List<String> arguments) throws IOException {
    new Ledger(home.resolve("pids")).endLeftovers();
    if (arguments.contains("--fresh")) {
      wipe();
    }
    checkSpace();
    checkPorts();
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-stack"));
    LocalStack started = LocalStack.start(options(arguments.contains("--secure")));
    stack = started;
    return arguments.contains("--demo") ? demo() : attendant.attend(started);
  }

  /** As a process of its own, on this terminal. */
  private static int demo() throws IOException {
    List<String> command =
        Commands.java(
            List.of(
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dwhimbrel.terminal=" + Boolean.getBoolean("whimbrel.terminal")),
            System.getProperty("java.class.path"),
            "io.whimbrel.local.demo.Demo");
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private StackOptions options(boolean secure) {
    return new StackOptions(
        home,
        false,
        secure,
        true,
        ports,
        EnumSet.allOf(ServiceName.class),
        Map.of(),
        System.out::println);
  }

  /** Everything but the log of the build and the lock that this JVM holds. */
  private void wipe() {
    for (Path entry : Directories.list(home)) {
      if (!entry.endsWith("log") && !entry.endsWith("lock")) {
        Directories.delete(entry);
      }
    }
    System.out.println("Started afresh: the data of before are gone.");
  }

  private void checkSpace() throws IOException {
    long space = Files.getFileStore(home).getUsableSpace();
    if (space < SPACE_NEEDED) {
      throw new IllegalStateException(
          "only " + (space >> 20) + " MB are free on the disk of " + home + "; 1 GB is needed");
    }
  }

  private void checkPorts() {
    List<String> taken = new ArrayList<>();
    ports
        .all()
        .forEach(
            (port, whom) -> {
              if (Ports.taken(port)) {
                taken.add(port + " for " + whom);
              }
            });
    if (!taken.isEmpty()) {
      throw new IllegalStateException(
          "in use: port "
              + String.join(", ", taken)
              + "; free it, or set WHIMBREL_PORT_BASE to the first of 50 free ports");
    }
  }

  private void stop() {
    LocalStack running = stack;
    if (running != null) {
      System.out.println("Stopping");
      attendant.leave();
      running.close();
      System.out.println("Stopped. The data are kept; deploy/local/up --fresh drops them.");
    }
  }
}
