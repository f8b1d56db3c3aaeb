package io.whimbrel.gateway.command;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code Prefer: wait=N} (RFC 7240): how many seconds the caller would wait for the end of the run.
 * As that RFC wants it, a preference that cannot be read is as good as none.
 */
final class Preference {
  static final String HEADER = "Prefer";

  private static final Pattern WAIT =
      Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*", Pattern.CASE_INSENSITIVE);

  private Preference() {}

  static Duration wait(@Nullable List<String> headers, Duration longest) {
    if (headers == null) {
      return Duration.ZERO;
    }
    return headers.stream()
        .flatMap(header -> Pattern.compile(",").splitAsStream(header))
        .map(WAIT::matcher)
        .filter(Matcher::matches)
        .map(found -> Duration.ofSeconds(Long.parseLong(found.group(1))))
        .map(asked -> asked.compareTo(longest) > 0 ? longest : asked)
        .findFirst()
        .orElse(Duration.ZERO);
  }
}
