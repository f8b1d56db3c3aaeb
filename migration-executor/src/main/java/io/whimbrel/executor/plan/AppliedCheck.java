package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.plan.HistoryProblem.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the files of what was applied are still there, and still the same: Flyway's validate. */
record AppliedCheck(Catalogue catalogue, History history) {

  List<HistoryProblem> problems() {
    List<HistoryProblem> problems = new ArrayList<>();
    for (AppliedMigration row : history.failed()) {
      problems.add(new HistoryProblem(Kind.FAILED, row, null, SchemaHistory.failure(row)));
    }
    for (AppliedMigration row : history.versions().values()) {
      if (row.version() != null && !belowBaseline(row.version())) {
        versioned(row, row.version()).ifPresent(problems::add);
      }
    }
    history.repeatables().values().stream()
        .filter(AppliedMigration::isSql)
        .filter(row -> catalogue.repeatable().stream().noneMatch(m -> same(m, row)))
        .sorted(Comparator.comparing(AppliedMigration::script))
        .map(AppliedCheck::missing)
        .forEach(problems::add);
    return problems;
  }

  private Optional<HistoryProblem> versioned(AppliedMigration row, Version version) {
    Optional<Migration> file = catalogue.version(version);
    if (file.isPresent()) {
      return Optional.ofNullable(difference(row, file.get()))
          .map(what -> new HistoryProblem(Kind.CHANGED, row, file.get(), what));
    }
    return row.isSql() && !aboveCatalogue(version) ? Optional.of(missing(row)) : Optional.empty();
  }

  private static HistoryProblem missing(AppliedMigration row) {
    return new HistoryProblem(
        Kind.MISSING,
        row,
        null,
        row.script()
            + " is applied, but not in the catalogue; put it back, or have it marked as deleted by"
            + " naming it under repair");
  }

  private static @Nullable String difference(AppliedMigration row, Migration file) {
    if (!row.isSql()) {
      return file.script() + " is SQL, but was applied as " + row.type() + "; put that file back";
    }
    if (row.checksum() != null && row.checksum() != file.checksum()) {
      return file.script()
          + " has changed since it was applied (checksum "
          + row.checksum()
          + " then, "
          + file.checksum()
          + " now); put the former text back, and make the change in a new migration";
    }
    return same(file, row)
        ? null
        : file.script()
            + " was applied as '"
            + row.description()
            + "'; give the file its former name";
  }

  // The history holds at most 200 characters of a description.
  private static boolean same(Migration file, AppliedMigration row) {
    String recorded = row.description();
    return file.description().equals(recorded)
        || (recorded.endsWith("...")
            && file.description().startsWith(recorded.substring(0, recorded.length() - 3)));
  }

  private boolean belowBaseline(Version version) {
    return history.baseline().filter(baseline -> version.compareTo(baseline) <= 0).isPresent();
  }

  private boolean aboveCatalogue(Version version) {
    List<Migration> versioned = catalogue.versioned();
    return versioned.isEmpty()
        || version.compareTo(versioned.get(versioned.size() - 1).requiredVersion()) > 0;
  }
}
