package io.whimbrel.executor.step;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.ScriptConfig;
import io.whimbrel.executor.catalog.ScriptText;
import io.whimbrel.executor.plan.ToUndo;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An undo that no file holds: the inverse that a plan has derived and proved. It has the name of
 * the migration that it takes back, and so has its row in the schema history.
 */
final class DerivedInverse {
  private DerivedInverse() {}

  /**
   * The migration with its inverse, if it has no undo script and there is one.
   *
   * @param inverses SQL by the names of migrations
   */
  static ToUndo of(ToUndo one, Map<String, String> inverses) {
    AppliedMigration applied = one.applied();
    @Nullable String sql = inverses.get(applied.script());
    if (sql == null
        || one.undo().isPresent()
        || applied.version() == null
        || applied.isBaseline()) {
      return one;
    }
    ScriptText text = ScriptText.of(sql);
    return new ToUndo(
        applied,
        Optional.of(
            new Migration(
                Migration.Kind.UNDO,
                applied.version(),
                applied.description(),
                applied.script(),
                Path.of(""),
                text.checksum(),
                new ScriptConfig(true, false),
                text)));
  }

  /** Whether a migration is taken back by one. */
  static boolean takesBack(ToUndo one) {
    return one.undo().filter(undo -> undo.script().equals(one.applied().script())).isPresent();
  }
}
