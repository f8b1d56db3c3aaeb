package io.whimbrel.executor.catalog;

import java.util.Map;
import java.util.TreeMap;

/**
 * What <code>${name}</code> stands for in the scripts of a target: its own placeholders and those
 * that Flyway defines. Names are compared without case, as in Flyway.
 */
public final class Placeholders {

  private static final String OPEN = "${";
  private static final String FILE_NAME = "flyway:filename";

  private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * @param own the target's placeholders
   * @param defaultSchema the schema of the history table
   * @param user the role that runs the scripts
   * @param database the name of the database
   * @param timestamp when the run began, as {@code yyyy-MM-dd HH:mm:ss}
   */
  public Placeholders(
      Map<String, String> own,
      String defaultSchema,
      String user,
      String database,
      String timestamp) {
    values.putAll(own);
    values.put("flyway:defaultSchema", defaultSchema);
    values.put("flyway:user", user);
    values.put("flyway:database", database);
    values.put("flyway:timestamp", timestamp);
    values.put("flyway:table", "flyway_schema_history");
  }

  /**
   * The text of a migration with every placeholder replaced.
   *
   * @throws Refusal naming script, line and placeholder, if one has no value
   */
  public String replaceIn(Migration migration) {
    String text = migration.text();
    if (!migration.config().placeholderReplacement()) {
      return text;
    }
    StringBuilder replaced = new StringBuilder(text.length());
    int from = 0;
    for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        break;
      }
      String name = text.substring(open + OPEN.length(), close);
      replaced.append(text, from, open).append(value(migration, name, open));
      from = close + 1;
    }
    return replaced.append(text, from, text.length()).toString();
  }

  private String value(Migration migration, String name, int position) {
    if (name.equalsIgnoreCase(FILE_NAME)) {
      return migration.script().substring(migration.script().lastIndexOf('/') + 1);
    }
    String value = values.get(name);
    if (value == null) {
      throw new Refusal(
          migration.script()
              + " line "
              + Lines.at(migration.text(), position)
              + ": the placeholder ${"
              + name.lines().findFirst().orElse("")
              + "} has no value; add it to the target's placeholders, or turn"
              + " placeholderReplacement off in the script's .conf file");
    }
    return value;
  }
}
