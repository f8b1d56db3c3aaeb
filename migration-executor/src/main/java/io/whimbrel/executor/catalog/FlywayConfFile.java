package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads the {@code .conf} file beside a script. */
final class FlywayConfFile {

  private static final String IN_TRANSACTION = "executeInTransaction";
  private static final String PLACEHOLDERS = "placeholderReplacement";
  private static final String ENCODING = "encoding";

  private FlywayConfFile() {}

  /** Where the configuration of a script is, if it has one. */
  static Path of(Path script) {
    return script.resolveSibling(script.getFileName() + ".conf");
  }

  /**
   * Reads it.
   *
   * @return with those values left open that may hold placeholders
   * @throws Refusal if it cannot be read, or has a key that is not supported
   */
  static ScriptConfig read(Path script) {
    Properties properties = new Properties();
    try (Reader lines = ScriptText.in(of(script), StandardCharsets.UTF_8).open()) {
      properties.load(lines);
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal("its .conf file cannot be read; write lines of key=value");
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return config(ScriptConfig.DEFAULT, values);
  }

  /**
   * The configuration once placeholders have values; they are replaced whatever it says of those of
   * the script, as in Flyway.
   *
   * @throws Refusal if a value says nothing even then
   */
  static ScriptConfig settled(ScriptConfig config, UnaryOperator<String> replaced) {
    if (config.open().isEmpty()) {
      return config;
    }
    Map<String, String> values = new TreeMap<>(config.open());
    values.replaceAll((key, value) -> replaced.apply(value));
    ScriptConfig settled = config(config, values);
    settled.open().keySet().stream()
        .sorted()
        .findFirst()
        .ifPresent(
            key -> {
              throw new Refusal(
                  key.equals(ENCODING)
                      ? "its .conf file asks for another encoding; convert the script to UTF-8"
                      : "its .conf file gives " + key + " no truth value; write true or false");
            });
    return settled;
  }

  private static ScriptConfig config(ScriptConfig known, Map<String, String> values) {
    boolean inTransaction = known.executeInTransaction();
    Boolean placeholders = known.placeholderReplacement();
    Map<String, String> open = new TreeMap<>();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String value = entry.getValue().strip();
      Boolean flag = flag(value);
      boolean says = flag != null;
      switch (entry.getKey()) {
        case IN_TRANSACTION -> inTransaction = flag == null ? inTransaction : flag;
        case PLACEHOLDERS -> placeholders = flag == null ? placeholders : flag;
        case ENCODING -> says = value.equalsIgnoreCase("UTF-8");
        default ->
            throw new Refusal(
                "its .conf file has a key that is not supported; use executeInTransaction,"
                    + " placeholderReplacement or encoding=UTF-8");
      }
      if (!says) {
        open.put(entry.getKey(), value);
      }
    }
    return new ScriptConfig(inTransaction, placeholders, open);
  }

  private static @Nullable Boolean flag(String value) {
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    return value.equalsIgnoreCase("false") ? false : null;
  }
}
