package io.whimbrel.executor.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Patch;
import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.catalog.Migration;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a script differs from what was applied under its name. It holds SQL of the script, so it is
 * shown to those who may read scripts and goes into no log, event or message.
 *
 * @param script as the schema history has it
 * @param line the first line of the file that differs, from 1; absent if the former text is unknown
 * @param appliedChecksum of what was applied
 * @param checksum of the file
 * @param diff the first lines of a unified diff; empty if the former text is unknown, or only line
 *     ends differ
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScriptDifference(
    String script,
    @Nullable Integer line,
    @Nullable Integer appliedChecksum,
    int checksum,
    List<String> diff) {

  private static final int LINES = 10;
  private static final int CHARACTERS = 200;

  public ScriptDifference {
    diff = List.copyOf(diff);
  }

  static ScriptDifference of(AppliedMigration row, Migration file, FormerTexts texts) {
    Optional<String> former = texts.of(row);
    if (former.isPresent()) {
      try {
        return between(row, file, former.get(), file.text().whole());
      } catch (IOException e) {
        // Whoever runs the script will say what is wrong with it.
        return new ScriptDifference(row.script(), null, row.checksum(), file.checksum(), List.of());
      }
    }
    return new ScriptDifference(row.script(), null, row.checksum(), file.checksum(), List.of());
  }

  private static ScriptDifference between(
      AppliedMigration row, Migration file, String former, String present) {
    List<String> before = former.lines().toList();
    Patch<String> patch = DiffUtils.diff(before, present.lines().toList());
    List<String> unified =
        UnifiedDiffUtils.generateUnifiedDiff(row.script(), file.script(), before, patch, 1);
    return new ScriptDifference(
        row.script(),
        patch.getDeltas().stream()
            .findFirst()
            .map(AbstractDelta::getTarget)
            .map(changed -> changed.getPosition() + 1)
            .orElse(null),
        row.checksum(),
        file.checksum(),
        unified.stream().skip(2).limit(LINES).map(ScriptDifference::bounded).toList());
  }

  private static String bounded(String line) {
    return line.length() <= CHARACTERS ? line : line.substring(0, CHARACTERS) + "...";
  }
}
