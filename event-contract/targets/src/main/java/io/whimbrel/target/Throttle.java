package io.whimbrel.target;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a data migration in batches waits for the server, as read from PostgreSQL between batches.
 * Zero and false switch a signal off.
 *
 * @param replicaLag how far behind a replica may be
 * @param walRate bytes of WAL that the server may write in a second
 * @param waiting how long a session may have waited for a batch's locks
 * @param vacuum whether to wait while the table is vacuumed
 * @param connections percent of the server's connections that may be active
 */
public record Throttle(
    Duration replicaLag, long walRate, Duration waiting, boolean vacuum, int connections) {

  /** A backfill brings autovacuum about by itself, and any rate of WAL can be right. */
  public static final Throttle DEFAULT =
      new Throttle(Duration.ofSeconds(10), 0, Duration.ofSeconds(1), false, 80);

  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})(kB|MB|GB)");

  /** Bytes from a number and its unit, such as 50MB; empty if it is none. */
  public static OptionalLong bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return OptionalLong.of(
        switch (matcher.group(2)) {
          case "kB" -> number << 10;
          case "MB" -> number << 20;
          default -> number << 30;
        });
  }
}
