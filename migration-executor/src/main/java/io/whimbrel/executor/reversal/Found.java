package io.whimbrel.executor.reversal;

/**
 * A way back, and the state from which the next migration starts.
 *
 * @param next after the migration, which stays applied in the scratch database
 */
record Found(WayBack wayBack, State next) {}
