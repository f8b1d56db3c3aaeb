package io.whimbrel.executor.run;

import java.util.UUID;

/** The run has moved on without the one who held the claim: nothing is left to do here. */
public final class StaleClaim extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StaleClaim(UUID run, String why) {
    super("run " + run + " " + why);
  }
}
