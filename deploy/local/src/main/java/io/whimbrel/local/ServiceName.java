package io.whimbrel.local;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The four services, in the order of their usual ports. */
enum ServiceName {
  GATEWAY("api-gateway", null, "192m"),
  EXECUTOR("migration-executor", "executor", "256m"),
  VALIDATION("validation-service", "validation", "192m"),
  MONITORING("monitoring-service", "monitoring", "192m");

  private final String directory;
  private final @Nullable String database;
  private final String heap;

  ServiceName(String directory, @Nullable String database, String heap) {
    this.directory = directory;
    this.database = database;
    this.heap = heap;
  }

  /** Of the project; also the name of its log. */
  String directory() {
    return directory;
  }

  /** Its control database and the user that owns it, if it has one. */
  @Nullable String database() {
    return database;
  }

  /** The name of its password for Kafka, where it logs in by its directory's name. */
  String kafkaCredential() {
    return "kafka." + directory;
  }

  String heap() {
    return heap;
  }

  /** Whether it connects to the targets. */
  boolean seesTargets() {
    return this == EXECUTOR || this == VALIDATION;
  }

  static ServiceName of(String directory) {
    return Arrays.stream(values())
        .filter(name -> name.directory.equals(directory))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No service " + directory));
  }
}
