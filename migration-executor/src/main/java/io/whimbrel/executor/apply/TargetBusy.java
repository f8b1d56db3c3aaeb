package io.whimbrel.executor.apply;

/**
 * Another session holds the target and is not one that we may end; the message names it. Nothing
 * was changed.
 */
public final class TargetBusy extends Exception {

  TargetBusy(String message) {
    super(message);
  }
}
