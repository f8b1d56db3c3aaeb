package io.whimbrel.executor.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to cut a data migration into batches.
 *
 * @param table as written, perhaps with its schema
 * @param key the columns that the batches go along, as written
 * @param size rows of a batch; empty leaves it to the measured time of the batches before
 * @param duration what a batch should take, instead of the engine's own idea
 * @param interval the pause after each batch
 * @param throttle when to wait for the server
 */
public record BatchHeader(
    String table,
    List<String> key,
    Optional<Integer> size,
    Optional<Duration> duration,
    Duration interval,
    ThrottleSettings throttle) {

  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\",.=]+)";
  private static final Pattern SETTING =
      Pattern.compile(
          "(table|key|size|duration|interval|"
              + ThrottleSettings.KEYS
              + ")=("
              + NAME
              + "(?:\\."
              + NAME
              + ")*(?:,"
              + NAME
              + ")*)(?:\\s+|$)");
  private static final Pattern PART = Pattern.compile(NAME);
  private static final Pattern SIZE = Pattern.compile("[1-9]\\d{0,6}");
  private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,8})(ms|s|m)");

  public BatchHeader {
    key = List.copyOf(key);
  }

  /** Reads the header's settings; empty if they are malformed. */
  static Optional<BatchHeader> parse(String value) {
    Map<String, String> settings = new HashMap<>();
    Matcher matcher = SETTING.matcher(value.strip());
    while (matcher.lookingAt()) {
      if (settings.put(matcher.group(1), matcher.group(2)) != null) {
        return Optional.empty();
      }
      matcher.region(matcher.end(), matcher.regionEnd());
    }
    String table = settings.get("table");
    String key = settings.get("key");
    String size = settings.getOrDefault("size", "auto");
    Optional<Duration> duration = duration(settings.get("duration"));
    Optional<Duration> interval = duration(settings.get("interval"));
    Optional<ThrottleSettings> throttle = ThrottleSettings.parse(settings);
    boolean malformed =
        matcher.regionStart() < matcher.regionEnd()
            || !(size.equals("auto") || SIZE.matcher(size).matches())
            || duration.isPresent() != settings.containsKey("duration")
            || interval.isPresent() != settings.containsKey("interval");
    if (table == null || key == null || malformed || throttle.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchHeader(
            table,
            columns(key),
            size.equals("auto") ? Optional.empty() : Optional.of(Integer.valueOf(size)),
            duration,
            interval.orElse(Duration.ZERO),
            throttle.get()));
  }

  private static List<String> columns(String key) {
    List<String> columns = new ArrayList<>();
    Matcher column = PART.matcher(key);
    while (column.find()) {
      columns.add(column.group());
    }
    return columns;
  }

  static Optional<Duration> duration(@Nullable String text) {
    Matcher matcher = DURATION.matcher(text == null ? "" : text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMinutes(number);
        });
  }
}
