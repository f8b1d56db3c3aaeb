package io.whimbrel.executor.apply;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of a key, each of its columns as text, which PostgreSQL turns into its type again.
 *
 * @param parts in the order of the key's columns
 */
record KeyValue(List<String> parts) {

  KeyValue {
    parts = List.copyOf(parts);
  }

  /** For the checkpoint: one column as it is, several as an array of PostgreSQL. */
  String text() {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    List<String> quoted = new ArrayList<>();
    for (String part : parts) {
      quoted.add('"' + part.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return "{" + String.join(",", quoted) + "}";
  }

  /** What {@link #text} wrote for a key of so many columns. */
  static KeyValue of(String text, int columns) {
    if (columns == 1) {
      return new KeyValue(List.of(text));
    }
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        if (inside) {
          parts.add(part.toString());
          part.setLength(0);
        }
        inside = !inside;
      } else if (inside) {
        part.append(c == '\\' ? text.charAt(++i) : c);
      }
    }
    return new KeyValue(parts);
  }
}
