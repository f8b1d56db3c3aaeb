package io.whimbrel.target;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One mapping of the file, read key by key. What is wrong goes to the problems, and a harmless
 * value stands in for it, so that reading goes on to the next key.
 */
final class Block {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private final String path;
  private final JsonNode node;
  private final Problems problems;

  Block(String path, JsonNode node, Problems problems) {
    this.path = path;
    this.node = node;
    this.problems = problems;
    if (!node.isObject() && !node.isMissingNode()) {
      problem("", "is not a mapping", "write keys and values under it");
    }
  }

  /** Refuses keys outside the given ones: a misspelt key must not pass for a default. */
  void allow(Set<String> keys) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!keys.contains(name)) {
        problem(name, "is not a key here", "use one of " + String.join(", ", keys));
      }
    }
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  Block block(String key) {
    return new Block(path + key + ".", node.path(key), problems);
  }

  String required(String key, String remedy) {
    if (!has(key)) {
      problem(key, "is missing", remedy);
      return "";
    }
    return text(key, "");
  }

  String text(String key, String otherwise) {
    return has(key) ? scalar(key, node.path(key)) : otherwise;
  }

  String oneOf(String key, String otherwise, Collection<String> values) {
    String value = text(key, otherwise);
    if (!values.contains(value)) {
      problem(key, "is not known", "use one of " + String.join(", ", values));
    }
    return value;
  }

  boolean flag(String key, boolean otherwise) {
    if (has(key) && !node.path(key).isBoolean()) {
      problem(key, "is neither true nor false", "write true or false");
    }
    return node.path(key).asBoolean(otherwise);
  }

  /** A list, or a single value in its place. */
  List<String> list(String key, List<String> otherwise) {
    JsonNode value = node.path(key);
    if (!has(key)) {
      return otherwise;
    }
    List<String> items = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(item -> items.add(scalar(key, item)));
    } else {
      items.add(scalar(key, value));
    }
    if (items.isEmpty() || items.contains("")) {
      problem(key, "has no value or an empty one", "give at least one, or leave the key out");
      return otherwise;
    }
    return items;
  }

  boolean isEmptyList(String key) {
    return node.path(key).isArray() && node.path(key).isEmpty();
  }

  Map<String, String> map(String key) {
    Map<String, String> entries = new LinkedHashMap<>();
    JsonNode value = node.path(key);
    if (has(key) && !value.isObject()) {
      problem(key, "is not a mapping", "write names and values under it");
    }
    value.properties().forEach(e -> entries.put(e.getKey(), scalar(key, e.getValue())));
    return entries;
  }

  Duration duration(String key, Duration otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    String text = scalar(key, node.path(key));
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      problem(key, "is not a duration", "write a number and its unit, such as 500ms, 3s, 10m, 1h");
      return otherwise;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  void problem(String key, String what, String remedy) {
    problems.add((path + key).replaceFirst("\\.$", ""), what, remedy);
  }

  private String scalar(String key, JsonNode value) {
    if (value.isFloatingPointNumber()) {
      // 1.10 and 1.1 are the same number to YAML, but not the same version.
      problem(key, "is a number with a fraction", "put it in quotes");
    } else if (!value.isValueNode() || value.isNull()) {
      problem(key, "is not a single value", "write one value");
    }
    return value.asText();
  }
}
