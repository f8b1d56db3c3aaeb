package io.whimbrel.executor.reversal;

/**
 * A migration that has been applied in the open transaction.
 *
 * @param before as it was, with the rows that a way back has to restore
 * @param late whether rows were generated only afterwards, as the migration did not take others
 */
record Applied(State before, State up, boolean late) {}
