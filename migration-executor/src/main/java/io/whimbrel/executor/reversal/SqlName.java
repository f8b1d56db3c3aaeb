package io.whimbrel.executor.reversal;

import io.whimbrel.event.TableName;

/** Names as structures write them, taken apart. */
final class SqlName {
  private SqlName() {}

  /** Of {@code schema.table}, either of which may be quoted. */
  static TableName table(String name) {
    int dot = 0;
    boolean quoted = false;
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '"') {
        quoted = !quoted;
      } else if (name.charAt(i) == '.' && !quoted) {
        dot = i;
        break;
      }
    }
    return new TableName(plain(name.substring(0, dot)), plain(name.substring(dot + 1)));
  }

  static String plain(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }
}
