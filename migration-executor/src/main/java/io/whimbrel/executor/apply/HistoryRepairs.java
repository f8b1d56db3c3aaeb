package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;

/** Makes repairs of the schema history that were planned before. */
final class HistoryRepairs {

  private final SchemaHistory history;
  private final HistoryRows rows;

  HistoryRepairs(SchemaHistory history) {
    this.history = history;
    this.rows = history.writing();
  }

  /**
   * Makes a repair that is not made yet; in a transaction of the caller.
   *
   * @throws Refusal if the row is no longer what it was when the repair was decided
   */
  void make(Connection connection, HistoryRepair repair) throws SQLException {
    History now = history.readWithFailures(connection);
    Optional<AppliedMigration> row =
        now.rows().stream()
            .filter(one -> one.rank() == repair.rank() && one.script().equals(repair.script()))
            .findFirst();
    switch (repair.action()) {
      case ALIGN -> align(connection, repair, row.orElseThrow(() -> changed(repair)));
      case REMOVE -> {
        // A row of the same rank that does not say so is of a later attempt.
        if (row.filter(one -> !one.success()).isPresent()) {
          rows.delete(connection, repair.rank());
        }
      }
      case MARK_AS_DELETED -> {
        AppliedMigration missing = row.orElseThrow(() -> changed(repair));
        if (now.versions().containsValue(missing)
            || now.baselineScripts().contains(missing)
            || now.repeatables().containsValue(missing)) {
          rows.insert(
              connection,
              rows.nextRank(connection),
              repair.version(),
              missing.description(),
              AppliedMigration.DELETED,
              missing.script(),
              missing.checksum());
        }
      }
    }
  }

  private void align(Connection connection, HistoryRepair repair, AppliedMigration row)
      throws SQLException {
    if (!Objects.equals(row.checksum(), repair.checksumBefore())
        && !Objects.equals(row.checksum(), repair.checksumAfter())) {
      throw changed(repair);
    }
    rows.align(connection, repair);
  }

  private static Refusal changed(HistoryRepair repair) {
    return new Refusal(
        "The history row of "
            + repair.script()
            + " has changed since its repair was planned; request the run again");
  }
}
