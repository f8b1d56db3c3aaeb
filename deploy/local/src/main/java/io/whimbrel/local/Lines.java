package io.whimbrel.local;

import java.time.Duration;
import java.util.Locale;

/** Lines for the terminal. */
final class Lines {

  private Lines() {}

  static String ready(String what, Duration took) {
    return String.format(Locale.ROOT, "  %-20s ready after %.1f s", what, took.toMillis() / 1000.0);
  }

  static String entry(String what, String value) {
    return String.format(Locale.ROOT, "  %-20s %s", what, value);
  }
}
