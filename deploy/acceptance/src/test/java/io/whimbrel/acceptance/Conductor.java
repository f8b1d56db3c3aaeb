package io.whimbrel.acceptance;

import io.whimbrel.local.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipFile;

/** The migrations of a real project, Netflix Conductor, unmodified. */
final class Conductor {
  /** All its versions. */
  static final String[] VERSIONS = {"1", "2", "3", "4", "5", "6", "7", "8"};

  private Conductor() {}

  /** Puts them into the catalogue of a target. */
  static void migrationsFor(TestTarget target) {
    try (ZipFile jar =
        new ZipFile(Layout.module().resolve("target/catalog/conductor.jar").toFile())) {
      for (var entry : jar.stream().filter(e -> e.getName().endsWith(".sql")).toList()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        byte[] script = jar.getInputStream(entry).readAllBytes();
        target.script(name, new String(script, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
