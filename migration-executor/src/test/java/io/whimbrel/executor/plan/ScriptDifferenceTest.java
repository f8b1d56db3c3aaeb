package io.whimbrel.executor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptDifferenceTest {

  @TempDir Path directory;

  @Test
  void theFirstChangedLinesAreShownWithOneLineAround() throws IOException {
    ScriptDifference difference = difference("a\nb\nc\nd\ne", "a\nb\nX\nd\ne");

    assertThat(difference.line()).isEqualTo(3);
    assertThat(difference.diff()).containsExactly("@@ -2,3 +2,3 @@", " b", "-c", "+X", " d");
  }

  @Test
  void noMoreThanTenLinesOfAtMostTwoHundredCharactersAreShown() throws IOException {
    String many =
        IntStream.range(0, 100)
            .mapToObj(i -> i + "x".repeat(500))
            .collect(Collectors.joining("\n"));

    ScriptDifference difference = difference("", many);

    assertThat(difference.diff()).hasSize(10).allMatch(line -> line.length() <= 203);
  }

  @Test
  void linesThatWereRemovedAtTheEndAreFound() throws IOException {
    ScriptDifference difference = difference("a\nb\nc", "a\nb");

    assertThat(difference.line()).isEqualTo(3);
    assertThat(difference.diff()).contains("-c");
  }

  @Test
  void nothingIsShownOfATextThatIsNotKnown() throws IOException {
    ScriptDifference difference = ScriptDifference.of(row(), file("a"), FormerTexts.UNKNOWN);

    assertThat(difference.line()).isNull();
    assertThat(difference.diff()).isEmpty();
  }

  private ScriptDifference difference(String before, String after) throws IOException {
    return ScriptDifference.of(row(), file(after), row -> Optional.of(before));
  }

  private Migration file(String text) throws IOException {
    Files.writeString(directory.resolve("V1__a.sql"), text);
    return new FlywayCatalogueReader().read(List.of(directory)).versioned().get(0);
  }

  private static AppliedMigration row() {
    return new AppliedMigration(
        1, Version.of("1"), "a", "SQL", "V1__a.sql", 17, "someone", Instant.EPOCH, true);
  }
}
