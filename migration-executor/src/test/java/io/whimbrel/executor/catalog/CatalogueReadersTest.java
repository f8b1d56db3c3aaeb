package io.whimbrel.executor.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogueReadersTest {

  /** Prefixes, suffixes and event names that only Flyway's own classes may know. */
  private static final Pattern FILE_NAMES =
      Pattern.compile(
          "\\[[VURB]{2,}]|\"[VURB](?:\\\\d|__)|\"\\.sql|\"\\.conf\""
              + "|\"(?:before|after)(?:Each)?(?:Migrate|Versioned|Repeatables|Validate|Connect)");

  private static final Path SOURCES = Path.of("src/main/java/io/whimbrel/executor");

  @Test
  void everyFormatOfATargetHasAReader() {
    assertThat(CatalogueReaders.formats()).containsExactlyInAnyOrderElementsOf(Target.FORMATS);
    Target.FORMATS.forEach(format -> assertThat(CatalogueReaders.of(format)).isNotNull());
  }

  @Test
  void anotherFormatIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> CatalogueReaders.of("liquibase"))
        .isInstanceOf(Refusal.class)
        .hasMessage("There is no format 'liquibase'; the target's format can be flyway");
  }

  @Test
  void nobodyElseKnowsHowFlywayNamesItsFiles() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources.stream().filter(CatalogueReadersTest::isFlyways))
          .as("what this test looks for is there")
          .anyMatch(CatalogueReadersTest::namesFiles);
      assertThat(sources)
          .filteredOn(file -> !isFlyways(file))
          .filteredOn(CatalogueReadersTest::namesFiles)
          .isEmpty();
    }
  }

  private static boolean isFlyways(Path file) {
    return file.getFileName().toString().startsWith("Flyway");
  }

  private static boolean namesFiles(Path file) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> !line.strip().startsWith("*") && !line.strip().startsWith("/"))
          .anyMatch(line -> FILE_NAMES.matcher(line).find());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
