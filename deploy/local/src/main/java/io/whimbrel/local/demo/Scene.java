package io.whimbrel.local.demo;

import java.util.Map;

/**
 * One run of the demo.
 *
 * @param title what the user reads
 * @param command the body of {@code POST /execute}
 * @param end the state in which the run is to end
 */
record Scene(String title, Map<String, Object> command, String end) {

  static Scene upTo(String version, String title, String end) {
    return new Scene(title, command("upTo", version, title), end);
  }

  static Scene of(String migration, String title, String end) {
    return new Scene(title, command("migration", migration, title), end);
  }

  private static Map<String, Object> command(String selection, String value, String reason) {
    return Map.of("target", "demo", selection, value, "reason", reason);
  }
}
