package io.whimbrel.target;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a target is validated without anyone asking for it, and how.
 *
 * @param every after so long each time; null if the cron expression says when
 * @param cron five fields as in crontab; null if the interval says when
 * @param zone whose clock the cron expression means
 * @param mode {@code quick}, {@code full} or {@code sample}; null for the validation service's own
 * @param categories of the rules that look; empty for all
 */
public record Schedule(
    @Nullable Duration every,
    @Nullable String cron,
    ZoneId zone,
    @Nullable String mode,
    List<String> categories) {

  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  public Schedule {
    categories = List.copyOf(categories);
    if ((every == null) == (cron == null)) {
      throw new IllegalArgumentException("either every or cron");
    }
    if (cron != null && next(cron, zone, Instant.EPOCH).isEmpty()) {
      throw new IllegalArgumentException("cron never comes");
    }
  }

  /** The next time after a moment; empty if there is none any more. */
  public Optional<Instant> next(Instant moment) {
    return cron == null ? Optional.ofNullable(every).map(moment::plus) : next(cron, zone, moment);
  }

  /** What tells one timing from another. */
  public String timing() {
    return cron == null ? "every " + every : cron + " " + zone;
  }

  private static Optional<Instant> next(String cron, ZoneId zone, Instant moment) {
    Cron parsed = PARSER.parse(cron);
    return ExecutionTime.forCron(parsed)
        .nextExecution(moment.atZone(zone))
        .map(ZonedDateTime::toInstant);
  }
}
