package io.whimbrel.acceptance;

import java.util.Map;
import java.util.UUID;

/** Payloads of {@code migration.requested}, as other systems write them. */
final class Requests {
  private Requests() {}

  static Map<String, Object> execute(UUID run, TestTarget target) {
    return Map.of("runId", run, "operation", "EXECUTE", "target", target.name());
  }
}
