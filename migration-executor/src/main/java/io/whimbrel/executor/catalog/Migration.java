package io.whimbrel.executor.catalog;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A named, checksummed change, as its file says.
 *
 * @param version the version; null if it is repeatable or a callback
 * @param description the words of the file name, with spaces; may be empty
 * @param script the file's path within its location, with slashes; what the schema history holds
 * @param location the directory of the catalogue that it was found in
 * @param checksum of the text as it is in the file; see {@link Script#checksum()}
 * @param config what the file beside the script says
 * @param text where the script is read
 */
public record Migration(
    Kind kind,
    @Nullable Version version,
    String description,
    String script,
    Path location,
    int checksum,
    ScriptConfig config,
    ScriptText text) {

  /** What a script is for. */
  public enum Kind {
    /** Runs once, in the order of versions. */
    VERSIONED,
    /** Runs again whenever it has changed, after the versioned ones. */
    REPEATABLE,
    /** Runs where nothing has been applied, in place of the versioned ones up to its version. */
    BASELINE,
    /** Takes back the versioned migration of the same version. */
    UNDO,
    /** Runs at a moment of every run and leaves no row in the history. */
    CALLBACK
  }

  /**
   * The version of a versioned, baseline or undo migration.
   *
   * @throws NullPointerException if it is repeatable
   */
  public Version requiredVersion() {
    return Objects.requireNonNull(version, script);
  }

  /**
   * The headers at the top as written, placeholders not replaced.
   *
   * @throws Refusal naming script, line and remedy, if one is malformed
   */
  public ScriptHeaders headers() {
    return ScriptHeaders.atTop(script, text::open);
  }

  /** How people and messages name it: version and description, or the description alone. */
  public String label() {
    String name = version == null ? description : version + " " + description;
    return name.strip();
  }

  /** Leaves out the text: a script does not belong in a log. */
  @Override
  public String toString() {
    return script;
  }
}
