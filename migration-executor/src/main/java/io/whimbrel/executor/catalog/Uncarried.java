package io.whimbrel.executor.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A file that the catalogue's own tool would run and Whimbrel cannot.
 *
 * @param script its path within its location
 * @param version if it is a versioned migration
 * @param description if it is a migration
 * @param onlyFirst whether it would be run only where nothing has been applied before
 * @param why what it is, as the end of a sentence that begins with its name
 */
public record Uncarried(
    String script,
    @Nullable Version version,
    @Nullable String description,
    boolean onlyFirst,
    String why) {

  Uncarried(String script, @Nullable Version version, @Nullable String description, String why) {
    this(script, version, description, false, why);
  }

  /** A sentence that names it. */
  public String sentence() {
    return script + " " + why;
  }
}
