package io.whimbrel.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes migrations as small as they come: a table, a column for it, a row in it. */
final class Catalog {

  private Catalog() {}

  static Path write(Path directory, int count) throws IOException {
    Files.createDirectories(directory);
    for (int i = 1; i <= count; i++) {
      Files.writeString(directory.resolve("V%06d__step_%d.sql".formatted(i, i)), text(i));
    }
    return directory;
  }

  private static String text(int number) {
    int table = (number + 2) / 3;
    return switch (number % 3) {
      case 1 -> "create table t%d (id bigint primary key, name text not null);\n".formatted(table);
      case 2 -> "alter table t%d add column note text;\n".formatted(table);
      default ->
          "insert into t%d (id, name) values (1, 'one');\ncreate index on t%d (name);\n"
              .formatted(table, table);
    };
  }
}
