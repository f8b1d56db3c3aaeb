package io.whimbrel.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An instance of a service, started from its built package. */
public final class ServiceProcess {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path directory;
  private final Path log;
  private final StackPorts.ServicePorts ports;
  private final Consumer<ChildProcess> started;
  private @Nullable ChildProcess child;

  ServiceProcess(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path log,
      StackPorts.ServicePorts ports,
      Consumer<ChildProcess> started) {
    this.name = name;
    this.command = command;
    this.environment = environment;
    this.directory = log.resolveSibling("");
    this.log = log;
    this.ports = ports;
    this.started = started;
  }

  public String name() {
    return name;
  }

  public String url() {
    return "http://localhost:" + ports.http();
  }

  public String metricsUrl() {
    return "http://localhost:" + ports.management() + "/q/metrics";
  }

  public Path log() {
    return log;
  }

  public long pid() {
    return child().pid();
  }

  public boolean running() {
    return child != null && child.alive();
  }

  /** Starts it, again if it has ended; does not wait until it is ready. */
  public void start() {
    if (!running()) {
      child = ChildProcess.start(new ChildProcess.Spec(name, command, environment, directory, log));
      started.accept(child);
    }
  }

  /** Waits until it says that it is ready. */
  public void awaitReady() {
    Wait.until(child(), PATIENCE, this::ready);
  }

  public boolean ready() {
    return status("/q/health/ready") == 200;
  }

  /** SIGKILL. */
  public void kill() {
    child().kill();
  }

  /** SIGSTOP. */
  public void pause() {
    child().pause();
  }

  /** SIGCONT. */
  public void resume() {
    child().resume();
  }

  /** Asks it to end, and does not wait. */
  void askToStop() {
    if (running()) {
      child().signal("TERM");
    }
  }

  /** Asks it to end, and waits. */
  public void stop() {
    if (child != null) {
      child.stop("TERM", Duration.ofSeconds(20));
    }
  }

  private ChildProcess child() {
    if (child == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return child;
  }

  private int status(String path) {
    try {
      URI uri = URI.create("http://localhost:" + ports.management() + path);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(3000);
      return connection.getResponseCode();
    } catch (IOException e) {
      return 0;
    }
  }
}
