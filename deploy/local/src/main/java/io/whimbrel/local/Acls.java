package io.whimbrel.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The rights of {@code deploy/kafka/acls.yaml}, by principal. */
final class Acls {
  private static final Set<String> KEYS =
      Set.of("name", "writes", "reads", "groups", "groupPrefixes", "observes");

  private Acls() {}

  /**
   * @return of each name what it is allowed to do, from any host
   * @throws IllegalStateException if the file has another shape than its head describes
   */
  static Map<String, List<AclBinding>> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Map<?, ?> document = (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      Map<String, List<AclBinding>> rights = new LinkedHashMap<>();
      for (Object principal : principals(document, file)) {
        Map<?, ?> entry = (Map<?, ?>) principal;
        String name = (String) entry.get("name");
        if (name == null || !KEYS.containsAll(entry.keySet())) {
          throw new IllegalStateException(
              file + ": a principal has a name, and of " + KEYS + " what it needs; not " + entry);
        }
        try {
          rights.put(name, bindings(name, entry));
        } catch (IllegalStateException e) {
          throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
      }
      return rights;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the rights", e);
    } catch (ClassCastException e) {
      throw new IllegalStateException(file + " has another shape than its head describes", e);
    }
  }

  private static List<?> principals(Map<?, ?> document, Path file) {
    if (document.get("principals") instanceof List<?> principals) {
      return principals;
    }
    throw new IllegalStateException(file + " has no list of principals");
  }

  private static List<AclBinding> bindings(String name, Map<?, ?> entry) {
    List<AclBinding> all = new ArrayList<>();
    for (String topic : list(entry, "writes")) {
      all.add(binding(name, ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.WRITE));
    }
    for (String topic : list(entry, "reads")) {
      all.add(binding(name, ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.READ));
    }
    for (String group : list(entry, "groups")) {
      all.add(binding(name, ResourceType.GROUP, group, PatternType.LITERAL, AclOperation.READ));
    }
    for (String prefix : list(entry, "groupPrefixes")) {
      all.add(binding(name, ResourceType.GROUP, prefix, PatternType.PREFIXED, AclOperation.READ));
    }
    for (String group : list(entry, "observes")) {
      all.add(binding(name, ResourceType.GROUP, group, PatternType.LITERAL, AclOperation.DESCRIBE));
    }
    return all;
  }

  private static List<String> list(Map<?, ?> entry, String key) {
    Object value = entry.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> values) {
      return values.stream().map(String.class::cast).toList();
    }
    throw new IllegalStateException(
        key + " of " + entry.get("name") + " is " + value + ", not a list");
  }

  private static AclBinding binding(
      String name, ResourceType type, String resource, PatternType pattern, AclOperation what) {
    return new AclBinding(
        new ResourcePattern(type, resource, pattern),
        new AccessControlEntry("User:" + name, "*", what, AclPermissionType.ALLOW));
  }
}
