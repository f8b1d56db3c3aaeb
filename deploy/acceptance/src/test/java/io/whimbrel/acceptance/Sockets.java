package io.whimbrel.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which process has which connection, as Linux tells. */
final class Sockets {
  private Sockets() {}

  /** Whether the process has a connection from this port of its own. */
  static boolean has(long pid, int localPort) {
    Path process = Path.of("/proc", Long.toString(pid));
    Set<String> inodes = new HashSet<>();
    String port = ":%04X".formatted(localPort);
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : lines(process.resolve(table))) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields[1].endsWith(port)) {
          inodes.add("socket:[" + fields[9] + "]");
        }
      }
    }
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.anyMatch(file -> inodes.contains(link(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path table) {
    try {
      return Files.readAllLines(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty for a file that was closed meanwhile. */
  private static String link(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
