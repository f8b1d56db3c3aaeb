package io.whimbrel.executor.planning;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.facts.ColumnUse;
import io.whimbrel.executor.rehearsal.facts.ColumnUses;
import io.whimbrel.executor.risk.TargetTables;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a look at the target, and a forecast, say of its tables to those who judge risks. */
final class KnownTables implements TargetTables {
  private final @Nullable TargetImpact impact;
  private final ColumnUses uses;
  private final Map<String, Duration> times = new HashMap<>();

  KnownTables(
      RehearsalReport rehearsal, @Nullable TargetImpact impact, @Nullable Forecast forecast) {
    this.impact = impact;
    this.uses = Objects.requireNonNullElse(rehearsal.uses(), ColumnUses.NONE);
    if (forecast != null) {
      forecast
          .scripts()
          .forEach(
              script ->
                  script
                      .statements()
                      .forEach(
                          one ->
                              times.put(
                                  key(script.script(), one.number()),
                                  Duration.ofMillis(Math.round(one.duration().medianMs())))));
    }
  }

  @Override
  public Optional<Size> size(TableName table) {
    return impact == null
        ? Optional.empty()
        : impact.table(table).map(one -> new Size(one.rows().count(), one.size().total()));
  }

  @Override
  public Optional<Duration> time(String script, int statement) {
    return Optional.ofNullable(times.get(key(script, statement)));
  }

  @Override
  public Optional<String> use(TableName table, String column) {
    return uses.of(table, column).map(this::words);
  }

  private String words(ColumnUse use) {
    return "%d %s%s %s it, executed %d times"
        .formatted(
            use.statements(),
            use.statements() == 1 ? "statement" : "statements",
            uses.since() == null
                ? ""
                : " since " + uses.since().atOffset(ZoneOffset.UTC).toLocalDate(),
            use.statements() == 1 ? "names" : "name",
            use.calls());
  }

  private static String key(String script, int statement) {
    return statement + " " + script;
  }
}
