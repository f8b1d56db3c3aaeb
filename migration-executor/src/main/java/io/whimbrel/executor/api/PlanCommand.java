package io.whimbrel.executor.api;

import io.whimbrel.event.RunOptions;
import io.whimbrel.executor.plan.document.MigrationPlan.Wanted;
import org.jspecify.annotations.Nullable;

/**
 * What a plan is wanted for, as a request for a run names it.
 *
 * @param options absent means all defaults
 */
record PlanCommand(
    @Nullable String target,
    @Nullable String migration,
    @Nullable String upTo,
    @Nullable RunOptions options) {

  Wanted wanted() {
    return new Wanted(migration, upTo, options == null ? RunOptions.DEFAULTS : options);
  }
}
