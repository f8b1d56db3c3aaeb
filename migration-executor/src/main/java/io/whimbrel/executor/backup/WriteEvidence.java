package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Table;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
  record ByOthers(List<TableName> tables, String why) implements WriteEvidence {
    public ByOthers {
      tables = List.copyOf(tables);
    }
  }

  /** It cannot be known. */
  record Unknown(String why) implements WriteEvidence {}

  String why();

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
    var written = new TreeSet<TableName>();
    for (Fingerprint content : was) {
      Optional<Fingerprint> found = is.of(content.table());
      if (found.isEmpty() && is.tables().contains(content.table())) {
        return new Unknown("nothing was recorded about " + content.table() + " " + when);
      }
      if (!found.equals(Optional.of(content))) {
        written.add(content.table());
      }
    }
    return written.isEmpty()
        ? new OnlyTheRun()
        : new ByOthers(List.copyOf(written), "others wrote to " + names(written) + " " + when);
  }

  private static String names(Set<TableName> tables) {
    return String.join(", ", tables.stream().map(TableName::toString).toList());
  }
}
