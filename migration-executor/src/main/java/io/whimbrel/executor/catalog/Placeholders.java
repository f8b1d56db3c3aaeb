package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.util.Map;
import java.util.TreeMap;

/**
 * What <code>${name}</code> stands for in the scripts of a target: its own placeholders and those
 * that Flyway defines. Names are compared without case, as in Flyway.
 */
public final class Placeholders {

  private static final String FLYWAY = "flyway";

  private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final PlaceholderSyntax syntax;

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
    this(
        PlaceholderSyntax.DEFAULT,
        own,
        Map.of(
            "defaultSchema",
            defaultSchema,
            "user",
            user,
            "database",
            database,
            "timestamp",
            timestamp));
  }

  /**
   * @param own the target's placeholders
   * @param defined those that Flyway defines, without their prefix
   */
  public Placeholders(
      PlaceholderSyntax syntax, Map<String, String> own, Map<String, String> defined) {
    this.syntax = syntax;
    values.putAll(own);
    defined.forEach((name, value) -> values.put(flyways(name), value));
    values.put(flyways("table"), "flyway_schema_history");
  }

  private String flyways(String name) {
    return FLYWAY + syntax.separator() + name;
  }

  /**
   * The text of a migration, with every placeholder replaced while it is read.
   *
   * @throws Refusal from its reader, naming script, line and placeholder, if one has no value
   */
  public Reader open(Migration migration) throws IOException {
    Reader text = migration.text().open();
    Boolean own = migration.config().placeholderReplacement();
    return (own == null ? syntax.replaced() : own)
        ? new PlaceholderReader(
            text, syntax.prefix(), syntax.suffix(), (name, line) -> value(migration, name, line))
        : text;
  }

  /**
   * Of the text with every placeholder replaced.
   *
   * @throws Refusal as in {@link #open}, or if the text cannot be read
   */
  public int checksum(Migration migration) {
    try (Reader text = open(migration)) {
      return Checksum.of(text);
    } catch (IOException e) {
      throw new Refusal(migration.script() + ": " + e.getMessage());
    }
  }

  private String value(Migration migration, String name, int line) {
    if (name.equalsIgnoreCase(flyways("filename"))) {
      return migration.script().substring(migration.script().lastIndexOf('/') + 1);
    }
    String value = values.get(name);
    if (value == null) {
      throw new Refusal(
          migration.script()
              + " line "
              + line
              + ": the placeholder "
              + syntax.prefix()
              + name.lines().findFirst().orElse("")
              + syntax.suffix()
              + " has no value; add it to the target's placeholders, or turn"
              + " placeholderReplacement off in the script's .conf file");
    }
    return value;
  }
}
