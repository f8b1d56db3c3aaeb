package io.whimbrel.executor.drift;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The files of what a schema history holds, if they are all there and as they were. */
final class AppliedScripts {
  private final Map<String, Migration> files = new HashMap<>();
  private final Placeholders placeholders;

  AppliedScripts(Catalogue catalogue, Placeholders placeholders) {
    this.placeholders = placeholders;
    Stream.concat(catalogue.versioned().stream(), catalogue.repeatable().stream())
        .forEach(migration -> files.put(migration.script(), migration));
  }

  /**
   * In the order in which they were applied. What was undone is left out, and of a repeatable
   * migration the last time counts.
   *
   * @throws Refusal if one is missing, has changed, or stands for what no script has made
   */
  List<Script> of(History history) {
    if (history.baseline().isPresent()) {
      throw new Refusal(
          "drift cannot be told, as the target was adopted at version "
              + history.baseline().get()
              + ", and what it held then is in no script");
    }
    List<AppliedMigration> rows = new ArrayList<>(history.versions().values());
    rows.addAll(history.repeatables().values());
    rows.sort(Comparator.comparingInt(AppliedMigration::rank));
    return rows.stream().map(this::script).toList();
  }

  private Script script(AppliedMigration row) {
    if (!row.isSql()) {
      throw Drifts.cannot(row, "is no SQL script");
    }
    Migration file = files.get(row.script());
    if (file == null) {
      throw Drifts.cannot(row, "is missing from the catalogue");
    }
    Script script = Script.of(file, placeholders);
    if (row.checksum() != null && !Objects.equals(row.checksum(), script.checksum())) {
      throw Drifts.cannot(row, "has changed since it was applied");
    }
    return script;
  }
}
