package io.whimbrel.executor.catalog;

import java.nio.file.Path;
import java.util.List;

/** Reads one format of migration files. */
public interface CatalogueReader {

  /**
   * Reads every location with its subdirectories. Never fails: what is wrong with the files is in
   * {@link Catalogue#problems()}.
   */
  Catalogue read(List<Path> locations);
}
