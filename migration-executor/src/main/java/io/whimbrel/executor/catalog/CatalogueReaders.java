package io.whimbrel.executor.catalog;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The readers of migration files, by the formats that targets choose them by. */
public final class CatalogueReaders {

  private static final Map<String, CatalogueReader> BY_FORMAT =
      Map.of("flyway", new FlywayCatalogueReader());

  private CatalogueReaders() {}

  /**
   * The reader of a format.
   *
   * @throws Refusal naming those that there are
   */
  public static CatalogueReader of(String format) {
    CatalogueReader reader = BY_FORMAT.get(format);
    if (reader == null) {
      throw new Refusal(
          "There is no format "
              + new MigrationName(format).quoted()
              + "; the target's format can be "
              + String.join(", ", formats()));
    }
    return reader;
  }

  static Set<String> formats() {
    return new TreeSet<>(BY_FORMAT.keySet());
  }
}
