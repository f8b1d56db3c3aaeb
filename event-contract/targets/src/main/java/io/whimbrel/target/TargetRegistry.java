package io.whimbrel.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The targets declared in one file. Every call looks whether the file has changed, so an edit takes
 * effect without a restart. A file that cannot be read or has an error changes nothing: the last
 * good targets stay, and {@link #problem()} says what is wrong until it is put right.
 */
public final class TargetRegistry {

  private final Path file;
  private byte @Nullable [] content;
  private List<Target> targets = List.of();
  private @Nullable String problem;

  /** Never fails: a file that is not there (yet) is a {@link #problem()}, with no targets. */
  public TargetRegistry(Path file) {
    this.file = file.toAbsolutePath();
    refresh();
  }

  public Optional<Target> find(String name) {
    return all().stream().filter(target -> target.name().equals(name)).findFirst();
  }

  /** All targets, in the order of the file. */
  public synchronized List<Target> all() {
    refresh();
    return targets;
  }

  /**
   * What is wrong with the file as it is now: one line for each problem, naming the target, the key
   * and what to do.
   */
  public synchronized Optional<String> problem() {
    refresh();
    return Optional.ofNullable(problem);
  }

  // Reads the bytes each time: the file is small, and its time stamp misses two edits in a moment
  // and the exchanged links of a mounted volume.
  private synchronized void refresh() {
    byte[] now;
    try {
      now = Files.readAllBytes(file);
    } catch (IOException e) {
      content = null;
      problem = file + ": cannot be read; check that it exists and may be read by this service";
      return;
    }
    if (content != null && Arrays.equals(content, now)) {
      return;
    }
    content = now;
    try {
      targets = new TargetsFile(file).parse(now);
      problem = null;
    } catch (TargetsFileException e) {
      problem = e.getMessage();
    }
  }
}
