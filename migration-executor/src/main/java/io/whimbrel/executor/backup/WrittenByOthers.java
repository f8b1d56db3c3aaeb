package io.whimbrel.executor.backup;

/** A restore would, or might, overwrite what others wrote; nothing was changed. */
public final class WrittenByOthers extends Exception {
  private final transient WriteEvidence evidence;

  WrittenByOthers(WriteEvidence evidence) {
    super("not restored: " + evidence.why());
    this.evidence = evidence;
  }

  public WriteEvidence evidence() {
    return evidence;
  }
}
