package io.whimbrel.monitoring.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.Response.Status;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; a bad one is answered with 400 and what is expected, not what came. */
final class Parameter {
  private static final Pattern TARGET = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

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

  static @Nullable Instant time(String parameter, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(value);
      if (time.getYear() >= 0 && time.getYear() <= LAST_YEAR) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // answered below, like a time that no database knows
    }
    throw bad(parameter, "is a time like 2026-01-31T12:00:00Z");
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
