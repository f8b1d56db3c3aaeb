package io.whimbrel.target;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys under {@code validation} of a target. */
final class ScheduleKeys {
  private static final Set<String> KEYS = TargetsFile.keys("every cron zone mode categories");
  private static final List<String> MODES = List.of("quick", "full", "sample");
  private static final List<String> CATEGORIES =
      List.of("data_integrity", "performance", "business_logic", "custom");
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  private ScheduleKeys() {}

  /** The schedule of a target; null if it has none. */
  static @Nullable Schedule read(Block target) {
    if (!target.has("validation")) {
      return null;
    }
    Block block = target.block("validation");
    block.allow(KEYS);
    if (block.has("every") == block.has("cron")) {
      block.problem("", "has not exactly one of every and cron", "write every: 6h, for example");
      return null;
    }
    ZoneId zone = zone(block);
    String mode = block.has("mode") ? block.oneOf("mode", "quick", MODES) : null;
    List<String> categories = block.list("categories", List.of());
    if (!CATEGORIES.containsAll(categories)) {
      block.problem("categories", "has one that is not known", "use " + CATEGORIES);
    }
    return block.has("every")
        ? new Schedule(every(block), null, zone, mode, categories)
        : cron(block, zone, mode, categories);
  }

  private static Duration every(Block block) {
    Duration every = block.duration("every", SHORTEST);
    if (every.compareTo(SHORTEST) < 0) {
      block.problem("every", "is less than a minute", "write a longer time, such as 6h");
      return SHORTEST;
    }
    return every;
  }

  private static @Nullable Schedule cron(
      Block block, ZoneId zone, @Nullable String mode, List<String> categories) {
    try {
      return new Schedule(null, block.text("cron", ""), zone, mode, categories);
    } catch (IllegalArgumentException e) {
      block.problem(
          "cron",
          "is not a time that comes",
          "write minute, hour, day, month and day of week, such as \"0 3 * * *\"");
      return null;
    }
  }

  private static ZoneId zone(Block block) {
    try {
      return block.has("zone") ? ZoneId.of(block.text("zone", "")) : ZoneOffset.UTC;
    } catch (DateTimeException e) {
      block.problem("zone", "is not a time zone", "write one such as Europe/Berlin");
      return ZoneOffset.UTC;
    }
  }
}
