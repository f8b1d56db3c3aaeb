package io.whimbrel.executor.risk;

import java.time.Duration;
import java.util.List;

/** Amounts as people say them. */
final class Words {
  private static final List<String> UNITS = List.of("bytes", "kB", "MB", "GB", "TB");
  private static final long STEP = 1024;

  private Words() {}

  static String bytes(long bytes) {
    long amount = bytes;
    int unit = 0;
    while (amount >= STEP && unit < UNITS.size() - 1) {
      amount = Math.round((double) amount / STEP);
      unit++;
    }
    return amount + " " + UNITS.get(unit);
  }

  static String time(Duration time) {
    if (time.toMillis() < 1000) {
      return time.toMillis() + " ms";
    }
    return time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }
}
