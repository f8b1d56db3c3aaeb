package io.whimbrel.executor.planning;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.plan.ScriptDifference;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.ScriptTexts;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Knows what scripts said before, and notes what has changed in them. */
@ApplicationScoped
public class FormerScripts {
  private static final Logger LOG = Logger.getLogger(FormerScripts.class);

  private final ScriptTexts texts;
  private final RunRepository runs;

  FormerScripts(ScriptTexts texts, RunRepository runs) {
    this.texts = texts;
    this.runs = runs;
  }

  public Optional<String> of(AppliedMigration row) {
    return row.checksum() == null
        ? Optional.empty()
        : texts.find(new ScriptTexts.Key(row.script(), row.checksum()));
  }

  public void note(UUID run, List<ScriptDifference> differences) {
    if (!differences.isEmpty()) {
      runs.saveDifferences(run, differences);
    }
  }

  /** Keeps the texts of what is going to be applied and has to stay as it is from then on. */
  public void keep(List<Script> scripts) {
    Map<ScriptTexts.Key, String> wanted = new HashMap<>();
    for (Script script : scripts) {
      Migration migration = script.migration();
      ScriptTexts.Key key = new ScriptTexts.Key(migration.script(), migration.checksum());
      if (migration.kind() == Migration.Kind.VERSIONED && !texts.has(key)) {
        text(migration).ifPresent(text -> wanted.put(key, text));
      }
    }
    if (!wanted.isEmpty()) {
      texts.keep(wanted);
    }
  }

  private static Optional<String> text(Migration migration) {
    char[] text = new char[ScriptTexts.LONGEST + 1];
    try (Reader reader = migration.text().open()) {
      int length = 0;
      int read = 0;
      while (read >= 0 && length < text.length) {
        length += read;
        read = reader.read(text, length, text.length - length);
      }
      return length > ScriptTexts.LONGEST
          ? Optional.empty()
          : Optional.of(new String(text, 0, length));
    } catch (IOException e) {
      LOG.debugf("The text of %s is not kept: %s", migration.script(), e.getMessage());
      return Optional.empty();
    }
  }
}
