package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/** Reads a script and the {@code .conf} file beside it. */
final class ScriptFiles {

  private static final long MAX_BYTES = 64L << 20;

  private ScriptFiles() {}

  static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new Refusal("is larger than 64 MB; load its data from a file of its own");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new Refusal("is not valid UTF-8; convert it to UTF-8");
    } catch (IOException e) {
      throw new Refusal("cannot be read; check its mode");
    }
  }

  static ScriptConfig config(Path script) {
    Path file = script.resolveSibling(script.getFileName() + ".conf");
    if (!Files.exists(file)) {
      return ScriptConfig.DEFAULT;
    }
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text(file)));
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal("its .conf file cannot be read; write lines of key=value");
    }
    boolean inTransaction = true;
    boolean placeholders = true;
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
