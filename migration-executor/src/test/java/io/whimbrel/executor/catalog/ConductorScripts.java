package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The Flyway scripts of Conductor, unmodified: a real project's. */
public final class ConductorScripts {

  private static final List<String> LOCATIONS = List.of("db/migration_postgres");

  private ConductorScripts() {}

  /** Copies its location below the directory and returns it, as a list of one. */
  public static List<Path> copyTo(Path directory) throws IOException {
    URL resource =
        Objects.requireNonNull(
            ConductorScripts.class.getClassLoader().getResource(LOCATIONS.get(0)));
    try {
      URI jar = resource.toURI();
      try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
        for (String location : LOCATIONS) {
          copy(files.getPath(location), directory.resolve(location));
        }
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    return LOCATIONS.stream().map(directory::resolve).toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> scripts = Files.list(from)) {
      for (Path script : scripts.toList()) {
        Files.copy(script, to.resolve(script.getFileName().toString()));
      }
    }
  }
}
