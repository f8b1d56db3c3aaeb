package io.whimbrel.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The stack's {@code targets.yaml}, to which tests add their targets while the services run. */
final class TargetsFile {
  private final Path file;

  TargetsFile(Path file) {
    this.file = file;
  }

  /**
   * @param entry an element of the list of targets, not indented
   */
  synchronized void add(String entry) {
    try {
      String now = Files.readString(file).stripTrailing() + "\n" + entry.indent(2);
      Path draft = Files.writeString(file.resolveSibling("targets.yaml.draft"), now);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
