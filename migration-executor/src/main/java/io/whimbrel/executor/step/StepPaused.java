package io.whimbrel.executor.step;

/** The run is to wait by the wish of a user: the step ends, and looks again in a moment. */
final class StepPaused extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
