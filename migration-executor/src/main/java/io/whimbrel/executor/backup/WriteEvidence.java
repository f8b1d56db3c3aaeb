package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether anyone but the run has written to its tables since the backup. */
public sealed interface WriteEvidence {

  /** Everything that changed was changed by the run. */
  record OnlyTheRun() implements WriteEvidence {
    @Override
    public String why() {
      return "nobody else has written to the tables since the backup";
    }
  }

  /** Someone else wrote, and a restore would overwrite it. */
  record ByOthers(List<Written> tables, String why) implements WriteEvidence {
    public ByOthers {
      tables = List.copyOf(tables);
    }

    @Override
    public String loss() {
      return tables.stream().map(Written::toString).collect(Collectors.joining(", "));
    }
  }

  /** It cannot be known. */
  record Unknown(String why) implements WriteEvidence {
    @Override
    public String loss() {
      return "nobody can say of which tables";
    }
  }

  /**
   * A table that others wrote to.
   *
   * @param rowsThen when the run, or the backup, had last seen it
   * @param rowsFound when it was found to be written to; 0 if it was dropped
   */
  record Written(TableName table, long rowsThen, long rowsFound) {
    @Override
    public String toString() {
      return "%s (%d rows before, %d after)".formatted(table, rowsThen, rowsFound);
    }
  }

  String why();

  /** What a restore would overwrite, by table. */
  default String loss() {
    return "nothing";
  }

  /**
   * Compares what the tables held at the backup, around each transaction of the run, and now.
   *
   * @param recorded in the order of the transactions; empty if any is missing
   * @param now under lock
   */
  static WriteEvidence compare(BackupManifest backup, List<Recorded> recorded, ContentState now) {
    if (recorded.isEmpty()) {
      return new Unknown(
          "it was not recorded what the tables held around every transaction of the run, so writes"
              + " by others cannot be told from its own");
    }
    List<Fingerprint> last =
        backup.tables().stream().map(Table::contents).filter(Objects::nonNull).toList();
    String when = "between the backup and the run";
    for (Recorded transaction : recorded) {
      WriteEvidence between = compare(last, transaction.before(), when);
      if (!(between instanceof OnlyTheRun)) {
        return between;
      }
      last = transaction.after().contents();
      when = "between two scripts of the run";
    }
    return compare(last, now, "since the run");
  }

  private static WriteEvidence compare(List<Fingerprint> was, ContentState is, String when) {
    var written = new ArrayList<Written>();
    for (Fingerprint content : was) {
      Optional<Fingerprint> found = is.of(content.table());
      if (found.isEmpty() && is.tables().contains(content.table())) {
        return new Unknown("nothing was recorded about " + content.table() + " " + when);
      }
      if (!found.equals(Optional.of(content))) {
        written.add(
            new Written(content.table(), content.rows(), found.map(Fingerprint::rows).orElse(0L)));
      }
    }
    return written.isEmpty()
        ? new OnlyTheRun()
        : new ByOthers(written, "others wrote to " + names(written) + " " + when);
  }

  private static String names(List<Written> tables) {
    return tables.stream().map(one -> one.table().toString()).collect(Collectors.joining(", "));
  }
}
