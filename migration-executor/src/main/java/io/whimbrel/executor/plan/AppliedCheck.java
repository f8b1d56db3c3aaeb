package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the files of what was applied are still there, and still the same: Flyway's validate. */
record AppliedCheck(Catalogue catalogue, History history) {

  /** One sentence for each problem, naming the script. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (AppliedMigration row : history.versions().values()) {
      if (!row.isSql() || row.version() == null || belowBaseline(row.version())) {
        continue;
      }
      Optional<Migration> file = catalogue.version(row.version());
      if (file.isPresent()) {
        compare(row, file.get(), problems);
      } else if (!aboveCatalogue(row.version())) {
        problems.add(row.script() + " is applied, but not in the catalogue; put it back");
      }
    }
    history.repeatables().values().stream()
        .filter(AppliedMigration::isSql)
        .filter(row -> catalogue.repeatable().stream().noneMatch(m -> same(m, row)))
        .map(row -> row.script() + " is applied, but not in the catalogue; put it back")
        .sorted()
        .forEach(problems::add);
    return problems;
  }

  private static void compare(AppliedMigration row, Migration file, List<String> problems) {
    if (row.checksum() != null && row.checksum() != file.checksum()) {
      problems.add(
          file.script()
              + " has changed since it was applied (checksum "
              + row.checksum()
              + " then, "
              + file.checksum()
              + " now); put the former text back, and make the change in a new migration");
    } else if (!same(file, row)) {
      problems.add(
          file.script()
              + " was applied as '"
              + row.description()
              + "'; give the file its former name");
    }
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
