package io.whimbrel.event;

/** What a request asks for. */
public enum Operation {
  /** Plan and validate, change nothing. */
  VALIDATE,
  /** Bring pending migrations to the target. */
  EXECUTE,
  /** Take migrations back. */
  ROLLBACK
}
