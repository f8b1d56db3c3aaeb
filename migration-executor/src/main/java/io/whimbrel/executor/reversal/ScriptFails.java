package io.whimbrel.executor.reversal;

/** A migration that cannot be tried in the scratch database, with the reason as its message. */
final class ScriptFails extends Exception {
  ScriptFails(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
