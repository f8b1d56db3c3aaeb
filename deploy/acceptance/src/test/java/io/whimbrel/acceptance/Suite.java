package io.whimbrel.acceptance;

import io.whimbrel.local.LocalStack;
import io.whimbrel.local.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/** The running stack, and what tests need to use it and to look at it. */
final class Suite implements AutoCloseable {
  private final LocalStack stack;
  private final KafkaProbe kafka;
  private final Path home;
  private final TargetsFile targets;
  private final TestTarget.Roles roles;

  private Suite(LocalStack stack) {
    this.stack = stack;
    this.kafka = new KafkaProbe(stack.kafka().adminSettings());
    this.targets = new TargetsFile(stack.targetsFile());
    try {
      this.home = Files.createDirectories(stack.home().resolve("acceptance"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.roles = TestTarget.Roles.create(stack.postgres(), home);
  }

  /**
   * With access control in Kafka: all tests run under it. Plans have more time than usual, as tests
   * beside them start and stop services on the same processors.
   */
  static Suite start() {
    return new Suite(
        LocalStack.start(
            StackOptions.temporary().guarded().with(Map.of("WHIMBREL_PLANS_BUDGET", "50s"))));
  }

  LocalStack stack() {
    return stack;
  }

  KafkaProbe kafka() {
    return kafka;
  }

  /** An admin. */
  Api api() {
    return api("admin");
  }

  /**
   * @param identity admin, super-admin or none
   */
  Api api(String identity) {
    return new Api(stack.gatewayUrl(), stack.token(identity));
  }

  Api withoutToken() {
    return new Api(stack.gatewayUrl(), "");
  }

  /** A new, empty target, declared to the services while they run. */
  TestTarget target() {
    return target("{}");
  }

  /**
   * @param policy of the target, in YAML
   */
  TestTarget target(String policy) {
    return TestTarget.create(stack.postgres(), targets, home, roles, policy);
  }

  /** Checks what has to be true whatever happened. */
  void invariantsHold(TestTarget target) {
    new Invariants(this).hold(target);
  }

  @Override
  public void close() {
    kafka.close();
    keepLogs();
    stack.close();
  }

  /** The stack removes its directory; what the services said is wanted when a test has failed. */
  private void keepLogs() {
    try (Stream<Path> logs = Files.list(stack.home().resolve("log"))) {
      Path kept = Files.createDirectories(Path.of("target", "stack-logs"));
      for (Path log : logs.toList()) {
        Files.copy(log, kept.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
