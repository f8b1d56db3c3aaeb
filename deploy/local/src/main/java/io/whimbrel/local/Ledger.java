package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The processes that a stack has started, on disk. The watchers end them with the launcher; should
 * a watcher have been killed as well, the next start ends what is left. A process is known by its
 * number and the time of its start, so that nobody else's is touched.
 */
final class Ledger {

  private final Path directory;

  Ledger(Path directory) {
    this.directory = Directories.create(directory);
  }

  void add(ChildProcess child) {
    try {
      Files.writeString(
          directory.resolve(child.name()), ProcessEntry.of(child.handle()).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void clear() {
    for (Path entry : Directories.list(directory)) {
      try {
        Files.deleteIfExists(entry);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Ends what an earlier launcher has left; how many processes that were. */
  int endLeftovers() {
    List<ProcessHandle> left =
        Directories.list(directory).stream()
            .map(Directories::read)
            .map(ProcessEntry::parse)
            .flatMap(entry -> entry.find().stream())
            .toList();
    List<ProcessHandle> tree =
        left.stream()
            .flatMap(
                handle ->
                    java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(handle), handle.descendants()))
            .toList();
    tree.forEach(ProcessHandle::destroyForcibly);
    for (int i = 0; i < 100 && tree.stream().anyMatch(ProcessHandle::isAlive); i++) {
      Wait.pause();
    }
    clear();
    return left.size();
  }
}
