package io.whimbrel.executor.step;

import io.whimbrel.executor.run.StaleClaim;
import io.whimbrel.executor.run.Step;
import java.util.UUID;

/**
 * One step of a run. It may be begun any number of times, by any instance, and goes on from what it
 * finds; only the last one to claim the run gets anywhere.
 */
interface RunStep {

  Step step();

  /**
   * Does the step and hands the run on.
   *
   * @throws StaleClaim if the run has moved on without this attempt
   * @throws Exception if something outside failed; the step is tried again
   */
  void run(UUID run) throws Exception;
}
