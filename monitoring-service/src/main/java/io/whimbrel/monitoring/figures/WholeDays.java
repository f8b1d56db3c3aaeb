package io.whimbrel.monitoring.figures;

import io.whimbrel.monitoring.figures.Figures.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A period as whole days (UTC), whose figures are added up already, with what is left of a day at
 * its head and its tail, whose runs have to be counted. The sum is exact, and its cost does not
 * grow with the history.
 *
 * @param first the first whole day; for the period of all times the day {@code -infinity}, whose
 *     row adds up all days
 * @param last the day after the last whole day
 * @param head what is before the whole days, or the whole period if it has none
 */
record WholeDays(String first, String last, @Nullable Part head, @Nullable Part tail) {
  private static final String TOTAL = "-infinity";

  /** Any day comes after that of the total. */
  private static final String EARLIEST = "4713-01-01 BC";

  private static final WholeDays ALWAYS = new WholeDays(TOTAL, EARLIEST, null, null);

  /** From (inclusive) to (exclusive). */
  record Part(Instant from, Instant to) {}

  static WholeDays of(Period period) {
    Instant from = period.from();
    Instant to = period.to();
    if (from == null && to == null) {
      return ALWAYS;
    }
    LocalDate first = from == null ? null : firstWhole(from);
    LocalDate last = to == null ? null : day(to);
    if (from != null && to != null && first != null && last != null && !first.isBefore(last)) {
      return new WholeDays(EARLIEST, EARLIEST, new Part(from, to), null);
    }
    return new WholeDays(
        first == null ? EARLIEST : first.toString(),
        last == null ? "infinity" : last.toString(),
        from == null || first == null ? null : new Part(from, start(first)),
        to == null || last == null ? null : new Part(start(last), to));
  }

  private static LocalDate firstWhole(Instant from) {
    LocalDate day = day(from);
    return start(day).equals(from) ? day : day.plusDays(1);
  }

  private static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** For a query; a part that is not there compares with nothing. */
  Map<String, @Nullable Object> arguments() {
    Map<String, @Nullable Object> arguments = new HashMap<>();
    arguments.put("first", first);
    arguments.put("last", last);
    arguments.put("headFrom", head == null ? null : head.from);
    arguments.put("headTo", head == null ? null : head.to);
    arguments.put("tailFrom", tail == null ? null : tail.from);
    arguments.put("tailTo", tail == null ? null : tail.to);
    return arguments;
  }
}
