package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Homes of disposable stacks. Each says whose it is, so that the next one removes what is left of
 * those whose JVM was killed, should the watchers of its processes have been killed as well.
 */
final class TemporaryHomes {

  private static final String PREFIX = "whimbrel-stack-";
  private static final String OWNER = "owner";

  private final Path parent;

  /**
   * @param parent where the homes are
   */
  TemporaryHomes(Path parent) {
    this.parent = parent;
  }

  static TemporaryHomes ofSystem() {
    return new TemporaryHomes(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** A new home of this JVM; before it is made, those that nobody owns any more are removed. */
  Path create() {
    Directories.list(parent).stream().filter(this::abandoned).forEach(TemporaryHomes::remove);
    try {
      Path home = Files.createTempDirectory(parent, PREFIX);
      Directories.writeSecret(
          home.resolve(OWNER), ProcessEntry.of(ProcessHandle.current()).toString());
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // One that does not say whose it is has just been made, or is none of ours.
  private boolean abandoned(Path home) {
    Path owner = home.resolve(OWNER);
    return home.getFileName().toString().startsWith(PREFIX)
        && Files.isReadable(owner)
        && Optional.of(owner)
            .map(Directories::read)
            .map(ProcessEntry::parse)
            .flatMap(ProcessEntry::find)
            .isEmpty();
  }

  private static void remove(Path home) {
    new Ledger(home.resolve("pids")).endLeftovers();
    Directories.delete(home);
  }
}
