package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.stream.Collectors;

/** The stack's {@code targets.yaml}. What a user has added to it stays. */
final class TargetsFile {

  private static final String HEAD =
      """
      # The targets of the local stack, read again when this file changes. Add your own at the end.
      targets:
      """;

  private final Path file;

  TargetsFile(Path file) {
    this.file = file;
  }

  Path path() {
    return file;
  }

  /** Adds the target, or puts it in the place of the one of that name. */
  void put(String name, String url, Collection<Path> catalogue) {
    String block = block(name, url, catalogue);
    String text = Files.exists(file) ? Directories.read(file) + "\n" : HEAD;
    String start = "  - name: " + name + "\n";
    int from = text.indexOf(start);
    if (from < 0) {
      write(text + block);
    } else {
      int next = text.indexOf("\n  - ", from + start.length());
      write(text.substring(0, from) + block + (next < 0 ? "" : text.substring(next + 1)));
    }
  }

  private static String block(String name, String url, Collection<Path> catalogue) {
    String directories =
        catalogue.stream().map(path -> "      - " + path + "\n").collect(Collectors.joining());
    return """
      - name: %s
        url: %s
        catalog:
    %s    executor: { user: %s, password: "${%s}" }
        validator: { user: %s, password: "${%s}" }
    """
        .formatted(
            name,
            url,
            directories,
            LocalStack.MIGRATOR,
            LocalStack.MIGRATOR_PASSWORD,
            LocalStack.READER,
            LocalStack.READER_PASSWORD);
  }

  private void write(String text) {
    try {
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
