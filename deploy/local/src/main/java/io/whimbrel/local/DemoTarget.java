package io.whimbrel.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The target {@code demo}: an empty database whose catalogue is a real project's scripts, taken
 * from its jar byte by byte, and the demo's own.
 */
final class DemoTarget {

  static final String NAME = "demo";

  private DemoTarget() {}

  /** Brings the project's scripts to the directory; the directories with scripts, sorted. */
  static SortedSet<Path> extractCatalogue(Path directory) {
    SortedSet<Path> locations = new TreeSet<>();
    Path jar = Layout.target().resolve("catalog/conductor.jar");
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().startsWith("db/") && entry.getName().endsWith(".sql")) {
          Path script = directory.resolve(entry.getName());
          locations.add(Directories.create(script.resolveSibling("")));
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
      return locations;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the scripts in " + jar, e);
    }
  }
}
