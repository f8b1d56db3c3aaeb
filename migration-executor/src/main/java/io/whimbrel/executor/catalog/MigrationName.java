package io.whimbrel.executor.catalog;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a caller names a migration: by its file name, its version or its description ({@code
 * AddUserTable} or {@code Add user table}).
 */
public record MigrationName(String text) {

  boolean isScript(String script) {
    return script.equals(text) || script.endsWith("/" + text);
  }

  Optional<Version> version() {
    return Version.parse(text);
  }

  boolean isDescription(String description) {
    String words = words(text);
    return !words.isEmpty() && words(description).equals(words);
  }

  /** Whether it means a migration, in one of the three ways. */
  public boolean means(String script, @Nullable Version version, String description) {
    return isScript(script)
        || (version != null && version().filter(version::equals).isPresent())
        || isDescription(description);
  }

  /** For messages: as far as it is a name, so that a message stays a message. */
  public String quoted() {
    return "'"
        + text.replaceAll("[^\\p{L}\\p{N} ._/-]", "?").substring(0, Math.min(80, text.length()))
        + "'";
  }

  private static String words(String description) {
    return description.replaceAll("[\\s_]", "").toLowerCase(Locale.ROOT);
  }
}
