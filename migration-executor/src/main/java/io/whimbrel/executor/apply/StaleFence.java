package io.whimbrel.executor.apply;

/**
 * The target belongs to a later claim than ours: nothing was committed, and nothing may be done.
 */
public final class StaleFence extends Exception {

  StaleFence(String message) {
    super(message);
  }
}
