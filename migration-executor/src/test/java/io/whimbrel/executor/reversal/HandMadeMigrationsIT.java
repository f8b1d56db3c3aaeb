package io.whimbrel.executor.reversal;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.reversal.ReversalCase.Block;
import io.whimbrel.executor.reversal.WayBack.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What there is in PostgreSQL, changed one by one on top of one another, without undo scripts. */
class HandMadeMigrationsIT {
  private static final Set<Verdict> STRUCTURE_IS_BACK =
      EnumSet.of(Verdict.PROVEN, Verdict.STRUCTURE_ONLY, Verdict.LOSES_DATA);

  @TempDir Path directory;

  @Test
  void derivedUndosAreProvenAndLossesAreSaid() throws Exception {
    List<Block> blocks = ReversalCase.blocks("migrations.sql");
    List<WayBack> ways = ReversalCase.of(directory, blocks).ways(ReversalCase.ENOUGH);

    List<String> others = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      WayBack way = ways.get(i);
      if (!way.verdict().name().equals(blocks.get(i).expected())) {
        others.add(blocks.get(i).name() + ": " + way.verdict() + ", " + way.reason());
      }
    }
    assertThat(others).isEmpty();
    long back = ways.stream().filter(way -> STRUCTURE_IS_BACK.contains(way.verdict())).count();
    assertThat(back).isGreaterThanOrEqualTo(ways.size() * 97L / 100);
    assertThat(ways)
        .filteredOn(way -> way.verdict() == Verdict.LOSES_DATA)
        .allSatisfy(way -> assertThat(way.losses()).isNotEmpty());
    assertThat(sqlOf(ways, "a_table_is_renamed"))
        .contains("RENAME TO purchase")
        .doesNotContain("DROP");
    assertThat(sqlOf(ways, "a_column_is_renamed")).contains("RENAME COLUMN remark TO note");
  }

  private static String sqlOf(List<WayBack> ways, String name) {
    return ways.stream()
        .filter(way -> way.script().endsWith(name + ".sql"))
        .map(way -> String.valueOf(way.sql()))
        .findFirst()
        .orElseThrow();
  }
}
