package io.whimbrel.executor.run;

import io.whimbrel.event.RunStateName;
import java.util.UUID;

/**
 * The right to work on a run, until someone else claims it.
 *
 * @param token greater than that of every earlier claim of any run; it is the fence on the target
 */
public record Claim(UUID run, String target, long token, RunStateName state) {}
