package io.whimbrel.executor.backup;

/** A restore that could not be completed; its transaction must be rolled back. */
public final class RestoreFailed extends Exception {
  RestoreFailed(String message) {
    super(message);
  }

  RestoreFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
