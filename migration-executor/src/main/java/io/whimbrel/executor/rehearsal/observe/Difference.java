package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.facts.Change;
import org.jspecify.annotations.Nullable;

/** A thing before and after a statement that changed it or gave it another file. */
record Difference<S>(@Nullable CatalogueRow<S> before, @Nullable CatalogueRow<S> after) {

  long table() {
    return before != null ? before.table() : after != null ? after.table() : 0;
  }

  boolean dropped() {
    return after == null;
  }

  boolean created() {
    return before == null;
  }

  /** Whether more than its file is another. */
  boolean visible() {
    return before == null || after == null || !before.compared().equals(after.compared());
  }

  /** Whether it has a file that it had not. */
  boolean newFile() {
    return after != null && after.file() != 0 && (before == null || before.file() != after.file());
  }

  long fileBefore() {
    return before == null ? 0 : before.file();
  }

  long fileNow() {
    return after == null ? 0 : after.file();
  }

  Change<S> change() {
    return new Change<>(
        before == null ? null : before.state(), after == null ? null : after.state());
  }
}
