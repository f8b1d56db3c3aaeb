package io.whimbrel.monitoring.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.monitoring.figures.Figures.Period;
import jakarta.ws.rs.core.Response.Status;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; a bad one is answered with 400 and what is expected, not what came. */
final class Parameter {
  private static final Pattern TARGET = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private static final Pattern POSITION = Pattern.compile("[1-9][0-9]{0,17}");

  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

  private static final Pattern AGE = Pattern.compile("([0-9]{1,5})([dh])");

  private static final int LAST_YEAR = 9999;

  private Parameter() {}

  /** A name of an enumeration, in upper or lower case. */
  static <E extends Enum<E>> @Nullable E name(
      String parameter, @Nullable String value, Class<E> names) {
    if (value == null) {
      return null;
    }
    return Arrays.stream(names.getEnumConstants())
        .filter(constant -> constant.name().equals(value.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () -> bad(parameter, "is one of " + Arrays.toString(names.getEnumConstants())));
  }

  static int number(String parameter, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // answered below, like a number out of range
    }
    throw bad(parameter, "is a whole number from " + least + " to " + most);
  }

  static @Nullable Long position(String parameter, @Nullable String value) {
    if (value == null) {
      return null;
    }
    if (!POSITION.matcher(value).matches()) {
      throw bad(parameter, "is a position, a whole number above 0");
    }
    return Long.valueOf(value);
  }

  static @Nullable Instant time(String parameter, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(value);
      if (time.getYear() > 0 && time.getYear() <= LAST_YEAR) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // answered below, like a time that no database knows
    }
    throw bad(parameter, "is a time like 2026-01-31T12:00:00Z");
  }

  static Period period(@Nullable String from, @Nullable String to) {
    Instant begin = time("from", from);
    Instant end = time("to", to);
    if (begin != null && end != null && end.isBefore(begin)) {
      throw bad("to", "is not before from");
    }
    return new Period(begin, end);
  }

  /** A time, or how long ago, like {@code 90d} or {@code 12h}. */
  static Instant past(String parameter, @Nullable String value) {
    Matcher age = AGE.matcher(value == null ? "" : value);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    if (age.matches()) {
      long number = Long.parseLong(age.group(1));
      return now.minus(
          age.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number));
    }
    Instant time = value == null ? null : time(parameter, value);
    if (time == null || time.isAfter(now)) {
      throw bad(parameter, "is an age like 90d or 12h, or a time of the past");
    }
    return time;
  }

  static Optional<UUID> uuid(String value) {
    return UUID_TEXT.matcher(value).matches()
        ? Optional.of(UUID.fromString(value))
        : Optional.empty();
  }

  /** Text of people, kept on one line. */
  static String text(String parameter, String value, int longest) {
    if (value.length() > longest) {
      throw bad(parameter, "has at most " + longest + " characters");
    }
    return value.replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ").strip();
  }

  static boolean bool(String parameter, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(parameter, "is true or false");
    };
  }

  static @Nullable String target(@Nullable String value) {
    if (value != null && !TARGET.matcher(value).matches()) {
      throw bad("target", "is the name of a target: lower-case letters, digits and hyphens");
    }
    return value;
  }

  static HttpProblem bad(String parameter, String expected) {
    return HttpProblem.builder()
        .withStatus(Status.BAD_REQUEST)
        .withTitle("Bad query parameter")
        .withDetail(parameter + " " + expected + ".")
        .build();
  }
}
