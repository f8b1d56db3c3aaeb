package io.whimbrel.local;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Stays while the stack runs. A service that ends is started again, as an orchestrator would. */
final class Attendant {

  /** A service that ends more often than this within a minute is left alone. */
  private static final int RESTARTS = 5;

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final Map<String, Integer> restarts = new HashMap<>();
  private boolean left;

  /** Returns when the infrastructure has ended, or when told to leave; the exit status. */
  int attend(LocalStack stack) {
    System.out.print(table(stack));
    long minute = System.nanoTime();
    while (look(stack)) {
      if (System.nanoTime() - minute > MINUTE) {
        minute = System.nanoTime();
        restarts.clear();
      }
      Wait.pause();
    }
    return 1;
  }

  /** From here on what ends is meant to end. */
  synchronized void leave() {
    left = true;
  }

  private synchronized boolean look(LocalStack stack) {
    if (left) {
      return false;
    }
    if (!stack.postgres().running() || !stack.kafka().running()) {
      System.err.println("PostgreSQL or Kafka has ended; see " + stack.home().resolve("log"));
      return false;
    }
    stack.services().stream().filter(service -> !service.running()).forEach(this::restart);
    return true;
  }

  private void restart(ServiceProcess service) {
    int times = restarts.merge(service.name(), 1, Integer::sum);
    if (times <= RESTARTS) {
      System.out.println(service.name() + " has ended and is started again");
      service.start();
    } else if (times == RESTARTS + 1) {
      System.out.println(service.name() + " keeps ending; see " + service.log());
    }
  }

  private static String table(LocalStack stack) {
    StringBuilder table = new StringBuilder("\nThe local stack is running. Ctrl-C stops it.\n\n");
    line(table, "API", stack.gatewayUrl() + "/api/v1/migrations");
    line(table, "Swagger UI", stack.gatewayUrl() + "/q/swagger-ui");
    stack.services().forEach(s -> line(table, s.name(), s.metricsUrl()));
    line(table, "Issuer of tokens", stack.issuerUrl());
    line(table, "Kafka", stack.kafka().bootstrapServers());
    line(table, "PostgreSQL", stack.postgres().url("postgres"));
    line(table, "Logs", stack.home().resolve("log").toString());
    line(table, "All of this", StackFile.of(stack.home()).toString());
    return table + "\nNext, in another terminal: deploy/local/demo\n\n";
  }

  private static void line(StringBuilder table, String what, String value) {
    table.append(Lines.entry(what, value)).append('\n');
  }
}
