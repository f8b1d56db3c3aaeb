package io.whimbrel.gateway.command;

import io.whimbrel.gateway.problem.Problems;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The caller's own name for a command, as its header gives it. */
final class IdempotencyKey {
  static final String HEADER = "Idempotency-Key";

  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /** Empty without the header; a malformed one is a 400. */
  static Optional<String> of(@Nullable List<String> headers) {
    if (headers == null || headers.isEmpty()) {
      return Optional.empty();
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
    return Optional.of(key);
  }
}
