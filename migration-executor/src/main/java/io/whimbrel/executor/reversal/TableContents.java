package io.whimbrel.executor.reversal;

import java.util.Map;

/**
 * What a table or sequence holds, in short.
 *
 * @param kind {@code TABLE}, {@code MATERIALIZED VIEW} or {@code SEQUENCE}
 * @param name with schema, as SQL writes it
 * @param rows how many; for a sequence, a number that tells its position
 * @param hash of all rows, in whatever order they and the columns are
 * @param distinct how many different values each column has, nulls not counted, by its name as SQL
 *     writes it
 */
record TableContents(String kind, String name, long rows, String hash, Map<String, Long> distinct) {

  boolean sameAs(TableContents other) {
    return rows == other.rows && hash.equals(other.hash);
  }

  boolean isSequence() {
    return kind.equals("SEQUENCE");
  }
}
