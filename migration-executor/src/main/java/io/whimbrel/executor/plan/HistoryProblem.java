package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.apply.HistoryRepair.Action;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.MigrationName;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the schema history and the files contradict each other, about one migration.
 *
 * @param row null if the migration is pending
 * @param file null if there is none
 * @param difference of the texts, if they differ
 * @param sentence names the script and what to do
 */
record HistoryProblem(
    Kind kind,
    @Nullable AppliedMigration row,
    @Nullable Migration file,
    @Nullable ScriptDifference difference,
    String sentence) {

  enum Kind {
    /** The file is another text, or has another description, than the one applied. */
    CHANGED,
    /** Applied, and not in the catalogue. */
    MISSING,
    /** Applied, and above everything in the catalogue. */
    FUTURE,
    /** The row says that it failed. */
    FAILED,
    /** Pending below a version that is applied. */
    OUT_OF_ORDER
  }

  static HistoryProblem changed(
      AppliedMigration row,
      Migration file,
      @Nullable ScriptDifference difference,
      String sentence) {
    return new HistoryProblem(Kind.CHANGED, row, file, difference, sentence);
  }

  String script() {
    return row != null ? row.script() : Objects.requireNonNull(file).script();
  }

  boolean isVersioned() {
    return (row != null ? row.version() : Objects.requireNonNull(file).version()) != null;
  }

  boolean isLate() {
    return kind == Kind.OUT_OF_ORDER;
  }

  boolean isAbout(MigrationName name) {
    return (row != null && name.means(row.script(), row.version(), row.description()))
        || (file != null && name.means(file.script(), file.version(), file.description()));
  }

  /** What a repair would do; empty if there is nothing to repair. */
  Optional<HistoryRepair> repair() {
    if (row == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (kind) {
          case CHANGED -> repair(row, Action.ALIGN, Objects.requireNonNull(file));
          case FAILED -> repair(row, Action.REMOVE, null);
          case MISSING, FUTURE, OUT_OF_ORDER -> repair(row, Action.MARK_AS_DELETED, null);
        });
  }

  private static HistoryRepair repair(
      AppliedMigration row, Action action, @Nullable Migration file) {
    return new HistoryRepair(
        action,
        row.rank(),
        row.script(),
        row.version() == null ? null : row.version().toString(),
        file == null ? row.description() : file.description(),
        row.checksum(),
        file == null ? row.checksum() : Integer.valueOf(file.checksum()));
  }
}
