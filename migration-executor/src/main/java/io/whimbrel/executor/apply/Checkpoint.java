package io.whimbrel.executor.apply;

import org.jspecify.annotations.Nullable;

/**
 * How far a script of several transactions is.
 *
 * @param statement the last one that is done, of a script that goes statement by statement
 * @param started whether the one after it may have run, and perhaps left something behind
 * @param lastKey the greatest key that is done, of a script in batches; null before the first batch
 * @param upperBound the greatest key there was when the bound was set; null if the table was empty
 * @param rowsDone rows of the table that were gone over
 * @param rowsTotal as estimated at the start
 * @param affected rows that the statement changed
 */
record Checkpoint(
    int statement,
    boolean started,
    @Nullable String lastKey,
    @Nullable String upperBound,
    long rowsDone,
    long rowsTotal,
    long affected) {

  static final Checkpoint NONE = new Checkpoint(0, false, null, null, 0, 0, 0);

  static Checkpoint batches(@Nullable String upperBound, long rowsTotal) {
    return new Checkpoint(0, false, null, upperBound, 0, rowsTotal, 0);
  }

  Checkpoint starting() {
    return new Checkpoint(statement, true, lastKey, upperBound, rowsDone, rowsTotal, affected);
  }

  Checkpoint done(int number, long rows) {
    return new Checkpoint(number, false, null, null, 0, 0, affected + rows);
  }

  Checkpoint batch(@Nullable String key, long rows, long changed) {
    return new Checkpoint(
        0, false, key, upperBound, rowsDone + rows, rowsTotal, affected + changed);
  }

  /** With a bound further up. */
  Checkpoint upTo(String bound) {
    return new Checkpoint(statement, started, lastKey, bound, rowsDone, rowsTotal, affected);
  }
}
