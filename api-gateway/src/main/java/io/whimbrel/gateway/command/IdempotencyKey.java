package io.whimbrel.gateway.command;

import io.whimbrel.gateway.problem.Problems;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The caller's own name for a command. The same caller and key give the same run, whatever gateway
 * is asked and however often; the first body that arrives counts.
 */
final class IdempotencyKey {
  static final String HEADER = "Idempotency-Key";

  private static final UUID NAMESPACE = UUID.fromString("6b0a1f3e-53f5-4f0c-9f6a-8d3c5a7b21e4");
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /** The run of a command: named by the key if there is one, else a new one. */
  static UUID run(String subject, @Nullable List<String> headers) {
    if (headers == null || headers.isEmpty()) {
      return UUID.randomUUID();
    }
    String key = headers.get(0);
    if (headers.size() > 1
        || key.isEmpty()
        || key.length() > MAX_LENGTH
        || key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw Problems.badRequest(
          HEADER,
          HEADER + " must be one value of 1 to " + MAX_LENGTH + " visible ASCII characters.");
    }
    // A line break can be in no key, so no other pair of key and subject reads the same.
    return NameBasedUuid.of(NAMESPACE, key + "\n" + subject);
  }
}
