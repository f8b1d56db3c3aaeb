package io.whimbrel.executor.step;

/** The step ends by the wish of a user; what of the run was committed is to be looked up. */
final class RunCancelled extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
