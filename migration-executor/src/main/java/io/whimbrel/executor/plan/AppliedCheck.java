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
import java.util.stream.Stream;

/** Whether the files of what was applied are still there, and still the same: Flyway's validate. */
record AppliedCheck(Catalogue catalogue, History history, FormerTexts texts) {

  List<HistoryProblem> problems() {
    List<HistoryProblem> problems = new ArrayList<>();
    for (AppliedMigration row : history.failed()) {
      problems.add(new HistoryProblem(Kind.FAILED, row, null, null, SchemaHistory.failure(row)));
    }
    for (AppliedMigration row : history.versions().values()) {
      if (row.version() != null && !belowBaseline(row.version())) {
        versioned(row, row.version()).ifPresent(problems::add);
      }
    }
    // As with Flyway its text may have changed.
    history.baselineScripts().stream()
        .filter(row -> catalogue.baselines().stream().noneMatch(m -> ofVersion(m, row)))
        .map(AppliedCheck::missing)
        .forEach(problems::add);
    history.repeatables().values().stream()
        .filter(AppliedMigration::isSql)
        .filter(row -> catalogue.repeatable().stream().noneMatch(m -> same(m, row)))
        .sorted(Comparator.comparing(AppliedMigration::script))
        .map(AppliedCheck::missing)
        .forEach(problems::add);
    return problems;
  }

  /** Of the scripts whose text has changed. */
  List<ScriptDifference> differences() {
    return problems().stream()
        .filter(problem -> problem.kind() == Kind.CHANGED)
        .flatMap(problem -> Stream.ofNullable(problem.difference()))
        .toList();
  }

  private Optional<HistoryProblem> versioned(AppliedMigration row, Version version) {
    Optional<Migration> file = catalogue.version(version);
    if (file.isPresent()) {
      return compare(row, file.get());
    }
    return row.isSql()
        ? Optional.of(aboveCatalogue(version) ? future(row) : missing(row))
        : Optional.empty();
  }

  private static HistoryProblem missing(AppliedMigration row) {
    return new HistoryProblem(
        Kind.MISSING,
        row,
        null,
        null,
        row.script()
            + " is applied, but not in the catalogue; put it back, or have it marked as deleted by"
            + " naming it under repair");
  }

  private static HistoryProblem future(AppliedMigration row) {
    return new HistoryProblem(
        Kind.FUTURE,
        row,
        null,
        null,
        row.script()
            + " is applied, and above everything in the catalogue; bring the catalogue up to date,"
            + " or add *:future to ignoreMigrationPatterns");
  }

  private Optional<HistoryProblem> compare(AppliedMigration row, Migration file) {
    if (!row.isSql()) {
      return Optional.of(
          HistoryProblem.changed(
              row,
              file,
              null,
              file.script()
                  + " is SQL, but was applied as "
                  + row.type()
                  + "; put that file back"));
    }
    if (row.checksum() != null && row.checksum() != file.checksum()) {
      ScriptDifference difference = ScriptDifference.of(row, file, texts);
      return Optional.of(HistoryProblem.changed(row, file, difference, changed(file, difference)));
    }
    return same(file, row)
        ? Optional.empty()
        : Optional.of(
            HistoryProblem.changed(
                row,
                file,
                null,
                file.script()
                    + " was applied as '"
                    + row.description()
                    + "'; give the file its former name"));
  }

  private static String changed(Migration file, ScriptDifference difference) {
    String where =
        difference.line() == null
            ? "; its former text is not known here"
            : "; from line " + difference.line() + " on, as GET /runs/{runId} shows";
    return file.script()
        + " has changed since it was applied (checksum "
        + difference.appliedChecksum()
        + " then, "
        + difference.checksum()
        + " now"
        + where
        + "); put the former text back and make the change in a new migration, or accept the new"
        + " text with \"repair\": [\""
        + file.requiredVersion()
        + "\"]";
  }

  private static boolean ofVersion(Migration baseline, AppliedMigration row) {
    return baseline.requiredVersion().equals(row.version());
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
