package io.whimbrel.executor.reversal;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.reversal.ReversalCase.Block;
import io.whimbrel.executor.reversal.WayBack.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undo scripts that forget something, do too much, or fail: none is called proven. */
class WrongUndosIT {
  @TempDir Path directory;

  @Test
  void noWrongUndoIsCalledProven() throws Exception {
    List<Block> blocks = ReversalCase.blocks("wrong-undos.sql");
    List<WayBack> ways = ReversalCase.of(directory, blocks).ways(ReversalCase.ENOUGH);

    List<String> passed = new ArrayList<>();
    for (int i = 1; i < blocks.size(); i++) {
      WayBack way = ways.get(i);
      ShippedUndo shipped = way.shipped();
      boolean found =
          shipped != null
              && shipped.reason().contains(blocks.get(i).expected())
              && !(way.source() == Source.UNDO_SCRIPT && way.proven());
      if (!found) {
        passed.add(
            blocks.get(i).name() + ": " + (shipped == null ? way.reason() : shipped.reason()));
      }
    }
    assertThat(passed).isEmpty();
    assertThat(ways.get(0).proven()).isTrue();
    assertThat(ways.get(0).source()).isEqualTo(Source.UNDO_SCRIPT);
    assertThat(ways)
        .filteredOn(way -> way.source() == Source.DERIVED && way.proven())
        .as("a derived undo in place of a wrong one")
        .hasSizeGreaterThan(40)
        .allSatisfy(way -> assertThat(way.sql()).isNotNull());
  }
}
