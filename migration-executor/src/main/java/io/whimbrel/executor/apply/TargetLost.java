package io.whimbrel.executor.apply;

/**
 * The connection to the target broke. What was sent last may or may not have been committed: open a
 * new session, which waits for the old one to be gone, and apply again; what is in the schema
 * history is then not run a second time.
 */
public final class TargetLost extends Exception {

  TargetLost(Throwable cause) {
    super("The connection to the target was lost", cause);
  }
}
