package io.whimbrel.executor.step;

/** Carries a checked exception out of a step. */
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StepFailed(Exception cause) {
    super(cause);
  }

  static Throwable unwrap(Throwable e) {
    return e instanceof StepFailed && e.getCause() != null ? e.getCause() : e;
  }
}
