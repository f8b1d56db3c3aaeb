package io.whimbrel.executor.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages under docs/risks are what the catalogue says, and the catalogue can be read. */
class RiskDocumentationTest {
  private static final Path PAGES = Path.of("..", "docs", "risks");
  private static final Path WANTED = Path.of("target", "risks");

  private static final String RENEW =
      "docs/risks; to renew it: cp migration-executor/target/risks/* docs/risks/";

  @Test
  void thePagesAreThoseOfTheCatalogue() throws IOException {
    Map<String, String> wanted = RiskPages.all();
    Files.createDirectories(WANTED);
    for (Map.Entry<String, String> page : wanted.entrySet()) {
      Files.writeString(WANTED.resolve(page.getKey()), page.getValue());
    }
    Map<String, String> pages = pages();
    assertThat(pages.keySet()).as(RENEW).isEqualTo(wanted.keySet());
    wanted.forEach((file, text) -> assertThat(pages.get(file)).as(RENEW).isEqualTo(text));
  }

  @Test
  void everyRuleSaysWhenWhatAndWhatToDo() {
    assertThat(RiskRules.ALL).extracting(RiskRule::id).doesNotHaveDuplicates();
    for (RiskRule rule : RiskRules.ALL) {
      assertThat(rule.id()).matches("[a-z]+(-[a-z]+)*");
      assertThat(Stream.of(rule.name(), rule.condition(), rule.effect(), rule.remedy()))
          .as(rule.id())
          .noneMatch(String::isBlank);
      assertThat(rule.bad()).isNotEqualTo(rule.good());
      assertThat(RiskRules.find(rule.id())).contains(rule);
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
              RiskDocumentationTest::read,
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
