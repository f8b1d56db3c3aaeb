package io.whimbrel.executor.plan;

/** Which migrations a caller wants applied. */
public sealed interface Selection {

  /** Everything that is pending, the repeatable ones included. */
  record All() implements Selection {}

  /**
   * The versioned migrations that are pending, up to and with one; no repeatable ones, as they may
   * rely on versions above.
   *
   * @param name its version, description or file name
   */
  record UpTo(String name) implements Selection {}

  /**
   * One migration.
   *
   * @param name its version, description or file name
   */
  record Named(String name) implements Selection {}
}
