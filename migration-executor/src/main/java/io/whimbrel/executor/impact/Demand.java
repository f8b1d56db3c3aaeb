package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;

/**
 * Something that a pending statement is about to demand of rows that are there.
 *
 * @param table whose rows
 * @param words what is demanded
 * @param look how to find rows that break it
 * @param caveat why what is found now may not hold by then; empty if it will
 */
record Demand(
    String script, int number, int line, TableName table, String words, Look look, String caveat) {

  /** How to find out. */
  sealed interface Look {}

  /**
   * A search for rows. The pieces make {@code <with> select <keys> from <source> where <where>}, in
   * which the table is called {@code e}.
   */
  record Search(String with, String source, String where) implements Look {}

  /** A conversion of all values, which fails at the first one that cannot be converted. */
  record Conversion(String expression) implements Look {}

  /** Nothing can be said. */
  record Untold(String reason) implements Look {}
}
