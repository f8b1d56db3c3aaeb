package io.whimbrel.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Numbers for people. */
final class Figures {

  private Figures() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String seconds(double seconds) {
    long whole = Math.round(seconds);
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, "%d min %d s", whole / 60, whole % 60);
  }

  /** "1 table", "2 tables". */
  static String counted(long number, String what) {
    return number(number) + " " + what + (number == 1 ? "" : "s");
  }

  /** Rows done of rows total, and the rate. */
  static String rows(JsonNode rows) {
    StringBuilder text = new StringBuilder(number(rows.path("done").asLong()));
    if (rows.hasNonNull("total")) {
      text.append(" of ").append(number(rows.path("total").asLong()));
    }
    text.append(" rows");
    if (rows.hasNonNull("perSecond")) {
      text.append(", ").append(number(rows.path("perSecond").asLong())).append(" rows/s");
    }
    return text.toString();
  }
}
