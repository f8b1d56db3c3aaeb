package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that does not outlive this JVM.
 *
 * <p>A shell starts a watcher that reads from the pipe between this JVM and the child, and then
 * becomes the command itself, so that {@link #pid()} is the command's. However this JVM ends, the
 * pipe closes and the watcher ends the child and removes its temporary directory; when the child
 * has ended first, this JVM closes the pipe and the watcher goes. Child and watcher have a session
 * of their own: Ctrl-C in the terminal reaches the launcher alone, which stops things in order.
 */
public final class ChildProcess implements AutoCloseable {

  private static final String SCRIPT =
      """
      signal=$1; rubbish=$2; shift 2
      exec 3<&0 </dev/null
      {
        cat <&3 >/dev/null
        kill -0 $$ || exit
        kill -s "$signal" $$
        if [ -n "$rubbish" ]; then
          i=0; while kill -0 $$ && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
          # Others of the same directory may be ending still.
          i=0; until rm -rf "$rubbish" || [ $i -ge 50 ]; do sleep 0.1; i=$((i + 1)); done
        fi
      } >/dev/null 2>&1 &
      exec "$@" 3<&-
      """;

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * How a child is started.
   *
   * @param environment in addition to this JVM's
   * @param log takes both outputs, from its end
   * @param orphanSignal what the child gets when this JVM is gone: KILL, or QUIT for PostgreSQL,
   *     whose own children end with it
   * @param rubbish removed after the child has ended, also when this JVM is gone; empty for nothing
   */
  record Spec(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Path log,
      String orphanSignal,
      String rubbish) {

    Spec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Path log) {
      this(name, command, environment, directory, log, "KILL", "");
    }
  }

  static ChildProcess start(Spec spec) {
    List<String> command = new ArrayList<>();
    if (Commands.exists("setsid")) {
      command.add("setsid");
    }
    command.addAll(List.of("/bin/sh", "-c", SCRIPT, spec.name(), spec.orphanSignal()));
    command.add(spec.rubbish());
    command.addAll(spec.command());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(spec.environment());
    builder.directory(spec.directory().toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    try {
      return new ChildProcess(spec.name(), builder.start(), spec.log());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + spec.name(), e);
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  public Path log() {
    return log;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    // Process.destroyForcibly would close the pipe first, and the watcher take us for gone.
    handle().destroyForcibly();
    await(Duration.ofSeconds(10));
  }

  /** SIGSTOP: the process keeps its connections and locks and does nothing. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  void signal(String signal) {
    Commands.run("kill", "-s", signal, Long.toString(pid()));
  }

  /** Asks with a signal, waits, and kills what is left. */
  void stop(String signal, Duration patience) {
    if (alive()) {
      signal(signal);
      resume();
      if (!await(patience)) {
        kill();
      }
    }
  }

  /** SIGTERM, then after ten seconds SIGKILL. */
  @Override
  public void close() {
    stop("TERM", Duration.ofSeconds(10));
  }

  private boolean await(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !alive();
    }
  }
}
