package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
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
}
