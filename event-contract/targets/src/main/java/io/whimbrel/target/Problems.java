package io.whimbrel.target;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a file, so that its author sees all of it at once. */
final class Problems {

  private final Path file;
  private final List<String> found = new ArrayList<>();
  private String place = "";

  Problems(Path file) {
    this.file = file;
  }

  /** What follows concerns this target. */
  void target(String name) {
    place = "target " + name + ": ";
  }

  void add(String key, String what, String remedy) {
    found.add(file.getFileName() + ": " + place + key + ": " + what + "; " + remedy);
  }

  TargetsFileException thrown(String what) {
    return new TargetsFileException(List.of(file.getFileName() + ": " + what));
  }

  void throwIfAny() throws TargetsFileException {
    if (!found.isEmpty()) {
      throw new TargetsFileException(found);
    }
  }
}
