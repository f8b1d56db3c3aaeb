package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.util.List;

/**
 * What a restore did.
 *
 * @param tables whose contents were brought back
 * @param rows in them
 * @param dropped tables that the run had made
 * @param evidence whether others had written
 */
public record RestoreReport(
    List<TableName> tables, long rows, List<TableName> dropped, WriteEvidence evidence) {
  public RestoreReport {
    tables = List.copyOf(tables);
    dropped = List.copyOf(dropped);
  }
}
