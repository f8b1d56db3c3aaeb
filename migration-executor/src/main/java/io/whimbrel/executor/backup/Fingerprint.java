package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.math.BigInteger;
import java.util.List;

/**
 * What a table holds, in one line: two tables with the same fingerprint hold the same rows, in
 * whatever order they are stored.
 *
 * @param columns the columns it covers, sorted; generated ones are left out
 * @param rows how many rows
 * @param hash the sum of the 64-bit hashes of the rows
 */
public record Fingerprint(TableName table, List<String> columns, long rows, String hash) {
  public Fingerprint {
    columns = List.copyOf(columns);
  }

  /**
   * Of rows of a table.
   *
   * @param hash the sum of what {@link RowHash} makes of them
   */
  static Fingerprint of(TableShape shape, long rows, String hash) {
    return new Fingerprint(
        shape.name(), shape.storedColumns().stream().sorted().toList(), rows, hash);
  }

  /** What the table holds once these rows have left and those have come. */
  Fingerprint changed(Fingerprint left, Fingerprint came) {
    BigInteger sum =
        new BigInteger(hash).subtract(new BigInteger(left.hash)).add(new BigInteger(came.hash));
    return new Fingerprint(table, columns, rows - left.rows + came.rows, sum.toString());
  }
}
