package io.whimbrel.executor.reversal;

import io.whimbrel.executor.backup.TestDatabase;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.CatalogueReaders;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A database and a catalogue whose migrations are all pending on it. */
final class ReversalCase {
  static final Budget ENOUGH = new Budget(Duration.ofMinutes(5), 24);

  final TestDatabase database;
  private final List<Path> catalog;

  ReversalCase(List<Path> catalog) throws SQLException {
    this.database = TestDatabase.create();
    this.catalog = catalog;
  }

  /**
   * A migration as a resource has it.
   *
   * @param expected what stands behind the bar in its title
   * @param undo empty if there is none
   */
  record Block(String name, String expected, String up, String undo) {}

  /** Blocks that begin with three dashes, a name, a bar and what is expected. */
  static List<Block> blocks(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ReversalCase.class.getResourceAsStream(resource), resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Block> blocks = new ArrayList<>();
      for (String block : List.of(text.substring(4).split("\n--- ", -1))) {
        int line = block.indexOf('\n');
        int bar = block.indexOf(" | ");
        String body = block.substring(line + 1);
        int undo = body.indexOf("-- undo\n");
        blocks.add(
            new Block(
                block.substring(0, bar),
                block.substring(bar + 3, line),
                undo < 0 ? body : body.substring(0, undo),
                undo < 0 ? "" : body.substring(undo)));
      }
      return blocks;
    }
  }

  /** A catalogue of the blocks, in their order, in the directory. */
  static ReversalCase of(Path directory, List<Block> blocks) throws IOException, SQLException {
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      String name = (i + 1) + "__" + block.name().replaceAll("[^a-z]+", "_") + ".sql";
      Files.writeString(directory.resolve("V" + name), block.up());
      if (!block.undo().isEmpty()) {
        Files.writeString(directory.resolve("U" + name), block.undo());
      }
    }
    return new ReversalCase(List.of(directory));
  }

  List<WayBack> ways(Budget budget) {
    return ways(target(), budget);
  }

  List<WayBack> ways(Target target, Budget budget) {
    Catalogue catalogue = CatalogueReaders.of("flyway").read(catalog);
    Placeholders placeholders =
        new Placeholders(Map.of(), "public", "u", "d", "2026-01-01 00:00:00");
    List<Script> pending =
        catalogue.versioned().stream().map(m -> Script.of(m, placeholders)).toList();
    return Reversals.of(target, UUID.randomUUID(), pending, catalogue, budget);
  }

  Target target() {
    Login owner = Login.of(database.owner());
    return new Target(
        "test",
        database.url(),
        catalog,
        "flyway",
        owner,
        owner,
        List.of("public"),
        Map.of(),
        true,
        "0",
        false,
        Policy.DEFAULT);
  }
}
