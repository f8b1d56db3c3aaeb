package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/** Reads the {@code .conf} file beside a script. */
final class FlywayConfFile {

  private FlywayConfFile() {}

  /** Where the configuration of a script is, if it has one. */
  static Path of(Path script) {
    return script.resolveSibling(script.getFileName() + ".conf");
  }

  static ScriptConfig read(Path script) {
    Path file = of(script);
    Properties properties = new Properties();
    try (Reader lines = ScriptText.in(file, StandardCharsets.UTF_8).open()) {
      properties.load(lines);
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal("its .conf file cannot be read; write lines of key=value");
    }
    boolean inTransaction = true;
    Boolean placeholders = null;
    for (String key : properties.stringPropertyNames()) {
      String value = properties.getProperty(key).strip();
      switch (key) {
        case "executeInTransaction" -> inTransaction = flag(key, value);
        case "placeholderReplacement" -> placeholders = flag(key, value);
        case "encoding" -> utf8(value);
        default ->
            throw new Refusal(
                "its .conf file has a key that is not supported; use executeInTransaction,"
                    + " placeholderReplacement or encoding=UTF-8");
      }
    }
    return new ScriptConfig(inTransaction, placeholders);
  }

  private static boolean flag(String key, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new Refusal("its .conf file gives " + key + " no truth value; write true or false");
    };
  }

  private static void utf8(String value) {
    if (!value.equalsIgnoreCase("UTF-8")) {
      throw new Refusal("its .conf file asks for another encoding; convert the script to UTF-8");
    }
  }
}
