package io.whimbrel.local;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a stack is started.
 *
 * @param home takes data, backups, logs and secrets
 * @param disposable whether home is removed when the stack is closed
 * @param secure whether Kafka lets in only who has a password, and to what it was given
 * @param quickStart whether the services start sooner at the price of slower code
 * @param services the ones to start
 * @param environment of the services, beside what the stack sets; wins over it
 * @param report takes a line per step
 */
public record StackOptions(
    Path home,
    boolean disposable,
    boolean secure,
    boolean quickStart,
    StackPorts ports,
    Set<ServiceName> services,
    Map<String, String> environment,
    Consumer<String> report) {

  /** All services on free ports in a directory that goes when the stack is closed. */
  public static StackOptions temporary() {
    return new StackOptions(
        TemporaryHomes.ofSystem().create(),
        true,
        false,
        true,
        StackPorts.free(),
        EnumSet.allOf(ServiceName.class),
        Map.of(),
        line -> {});
  }

  /** PostgreSQL, Kafka and the identity provider alone. */
  public StackOptions withoutServices() {
    return new StackOptions(
        home,
        disposable,
        secure,
        quickStart,
        ports,
        EnumSet.noneOf(ServiceName.class),
        environment,
        report);
  }

  /** The executor without the other services, as it runs in production, for measurements. */
  public StackOptions executorAlone() {
    return new StackOptions(
        home,
        disposable,
        secure,
        false,
        ports,
        EnumSet.of(ServiceName.EXECUTOR),
        environment,
        report);
  }

  /** The gateway and the executor without the other services, likewise. */
  public StackOptions gatewayAndExecutor() {
    return new StackOptions(
        home,
        disposable,
        secure,
        false,
        ports,
        EnumSet.of(ServiceName.GATEWAY, ServiceName.EXECUTOR),
        environment,
        report);
  }

  /** The monitoring service without the other services, likewise. */
  public StackOptions monitoringAlone() {
    return new StackOptions(
        home,
        disposable,
        secure,
        false,
        ports,
        EnumSet.of(ServiceName.MONITORING),
        environment,
        report);
  }

  /** With variables for all services, e.g. shorter intervals. */
  public StackOptions with(Map<String, String> variables) {
    return new StackOptions(
        home, disposable, secure, quickStart, ports, services, Map.copyOf(variables), report);
  }

  /** With access control in Kafka. */
  public StackOptions guarded() {
    return new StackOptions(
        home, disposable, true, quickStart, ports, services, environment, report);
  }
}
