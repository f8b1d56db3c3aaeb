package io.whimbrel.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.gateway.problem.ProblemType;
import io.whimbrel.gateway.support.ApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every type of problem leads to a section, and the document names no others. */
class ProblemsTest {

  @Test
  void everyTypeHasItsSectionWithItsStatus() throws IOException {
    List<String> page = Files.readAllLines(Path.of("../docs/problems.md"));

    assertThat(page.stream().filter(line -> line.startsWith("## ")))
        .containsExactlyElementsOf(
            Stream.of(ProblemType.values()).map(type -> "## " + type.section()).toList());
    for (ProblemType type : ProblemType.values()) {
      int heading = page.indexOf("## " + type.section());
      assertThat(page.get(heading + 2)).startsWith(type.status() + "");
    }
  }

  @Test
  void theDocumentNamesTypesThatThereAre() {
    List<String> named =
        ApiDocument.ROOT.findValuesAsText("type").stream()
            .filter(type -> type.startsWith("/"))
            .distinct()
            .toList();

    assertThat(named)
        .isNotEmpty()
        .isSubsetOf(Stream.of(ProblemType.values()).map(type -> type.uri().toString()).toList());
  }
}
