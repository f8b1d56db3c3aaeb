package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages under docs/rules are what the catalogue says, and the catalogue can be read. */
class RuleDocumentationTest {
  private static final Path PAGES = Path.of("..", "docs", "rules");
  private static final Path WANTED = Path.of("target", "rules");

  private static final String RENEW =
      "docs/rules; to renew it: cp validation-service/target/rules/* docs/rules/";

  @Test
  void thePagesAreThoseOfTheCatalogue() throws IOException {
    Map<String, String> wanted = RulePages.all();
    Files.createDirectories(WANTED);
    for (Map.Entry<String, String> page : wanted.entrySet()) {
      Files.writeString(WANTED.resolve(page.getKey()), page.getValue());
    }
    Map<String, String> pages = pages();
    assertThat(pages.keySet()).as(RENEW).isEqualTo(wanted.keySet());
    wanted.forEach((file, text) -> assertThat(pages.get(file)).as(RENEW).isEqualTo(text));
  }

  @Test
  void everyRuleSaysWhatWhyAndWhatToDo() {
    assertThat(Rules.ALL).extracting(Rule::id).doesNotHaveDuplicates();
    for (Rule rule : Rules.ALL) {
      RuleDescription description = rule.description();
      assertThat(description.id()).isEqualTo(description.id().toLowerCase(Locale.ROOT));
      assertThat(
              Stream.of(
                  description.name(),
                  description.description(),
                  description.why(),
                  description.remedy(),
                  description.bad().sql(),
                  description.good().sql()))
          .as(rule.id())
          .noneMatch(String::isBlank);
      assertThat(description.bad()).isNotEqualTo(description.good());
    }
  }

  private static Map<String, String> pages() throws IOException {
    if (!Files.isDirectory(PAGES)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.collect(
          Collectors.toMap(
              file -> file.getFileName().toString(),
              RuleDocumentationTest::read,
              (one, other) -> one,
              TreeMap::new));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
