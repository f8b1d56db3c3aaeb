package io.whimbrel.executor.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Backups below a directory: one for each target, and in it one for each backup. */
public record DirectoryStore(Path root) implements BackupStore {

  @Override
  public BackupPlace place(String name) {
    return new DirectoryPlace(root.resolve(name));
  }

  @Override
  public SortedSet<String> targets() throws IOException {
    return directories(root).stream()
        .map(target -> String.valueOf(target.getFileName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public SortedSet<String> names(String target) throws IOException {
    return directories(root.resolve(target)).stream()
        .map(backup -> target + "/" + BackupFiles.complete(backup))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> directories(Path parent) throws IOException {
    if (!Files.exists(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).toList();
    }
  }
}
