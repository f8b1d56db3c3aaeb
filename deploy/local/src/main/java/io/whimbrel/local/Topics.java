package io.whimbrel.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The topics of {@code deploy/kafka/topics.yaml}, as an environment of it wants them. */
final class Topics {

  private Topics() {}

  static List<NewTopic> read(Path file, String environment) {
    try (InputStream in = Files.newInputStream(file)) {
      Map<?, ?> document = map(new Yaml(new SafeConstructor(new LoaderOptions())).load(in));
      Map<?, ?> here = map(value(map(document.get("environments")), environment));
      short replicas = ((Number) value(here, "replicationFactor")).shortValue();
      return ((List<?>) value(document, "topics"))
          .stream().map(topic -> topic(map(topic), replicas, map(here.get("config")))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the topics", e);
    } catch (ClassCastException e) {
      throw new IllegalStateException(file + " has another shape than its head describes", e);
    }
  }

  private static NewTopic topic(Map<?, ?> topic, short replicas, Map<?, ?> common) {
    Map<String, String> config = new HashMap<>();
    common.forEach((key, value) -> config.put(String.valueOf(key), String.valueOf(value)));
    map(topic.get("config"))
        .forEach((key, value) -> config.put(String.valueOf(key), String.valueOf(value)));
    int partitions = ((Number) value(topic, "partitions")).intValue();
    return new NewTopic((String) value(topic, "name"), partitions, replicas).configs(config);
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value == null ? Map.of() : (Map<?, ?>) value;
  }

  private static Object value(Map<?, ?> map, String key) {
    Object value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("The topics have no " + key);
    }
    return value;
  }
}
