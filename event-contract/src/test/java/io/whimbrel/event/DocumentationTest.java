package io.whimbrel.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents of the repository lead where they say. */
class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+?) *$");
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");

  static Stream<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String name : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      documents.add(Contract.REPOSITORY.resolve(name));
    }
    try (Stream<Path> files = Files.walk(Contract.REPOSITORY.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents.stream();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkToAFileOfTheRepositoryLeadsSomewhere(Path document) {
    List<String> links =
        LINK.matcher(CODE.matcher(text(document)).replaceAll(""))
            .results()
            .map(found -> found.group(1))
            .filter(link -> !link.matches("[a-z]+:.*"))
            .toList();

    assertThat(links)
        .allSatisfy(
            link -> {
              String[] parts = link.split("#", 2);
              Path file =
                  parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
              assertThat(file).exists();
              if (parts.length == 2) {
                assertThat(anchors(file)).contains(parts[1]);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyDocumentBeginsWithOneTitle(Path document) {
    assertThat(text(document)).startsWith("# ");
    assertThat(CODE.matcher(text(document)).replaceAll("").lines())
        .filteredOn(line -> line.startsWith("# "))
        .hasSize(1);
  }

  /** As GitHub makes them from headings. */
  private static Set<String> anchors(Path file) {
    return HEADING
        .matcher(text(file))
        .results()
        .map((MatchResult heading) -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
