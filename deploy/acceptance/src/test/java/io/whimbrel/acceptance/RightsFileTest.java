package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.local.Layout;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** {@code deploy/kafka/acls.yaml} against what the services are configured to do. */
class RightsFileTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"api-gateway", "migration-executor", "validation-service", "monitoring-service"})
  void aServiceIsGivenWhatItUses(String service) throws IOException {
    Properties used = new Properties();
    try (Reader in =
        Files.newBufferedReader(
            Layout.project().resolve(service + "/src/main/resources/application.properties"))) {
      used.load(in);
    }
    Map<?, ?> given = principal(service);

    assertThat(names(given, "writes")).isEqualTo(commas(used, "whimbrel.kafka.publishes"));
    assertThat(names(given, "observes")).isEqualTo(commas(used, "whimbrel.kafka.observes"));
    assertThat(names(given, "reads"))
        .containsAll(values(used, key -> key.matches("mp\\.messaging\\.incoming\\..+\\.topic")));
    for (String group : values(used, key -> key.endsWith(".group.id"))) {
      assertThat(
              names(given, "groups").contains(group)
                  || names(given, "groupPrefixes").stream().anyMatch(group::startsWith))
          .as(group)
          .isTrue();
    }
  }

  private static Map<?, ?> principal(String name) throws IOException {
    try (Reader in = Files.newBufferedReader(Layout.acls())) {
      Map<String, List<Map<?, ?>>> file = new Yaml().load(in);
      return file.getOrDefault("principals", List.of()).stream()
          .filter(principal -> name.equals(principal.get("name")))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Set<String> names(Map<?, ?> principal, String key) {
    Set<String> names = new TreeSet<>();
    if (principal.get(key) instanceof List<?> list) {
      list.forEach(name -> names.add((String) name));
    }
    return names;
  }

  private static Set<String> commas(Properties properties, String key) {
    String value = properties.getProperty(key, "");
    return value.isEmpty() ? Set.of() : new TreeSet<>(Set.of(value.split(",", -1)));
  }

  private static Set<String> values(Properties properties, Predicate<String> keys) {
    Set<String> values = new TreeSet<>();
    Stream<String> names = properties.stringPropertyNames().stream();
    names.filter(keys).forEach(key -> values.add(properties.getProperty(key)));
    return values;
  }
}
