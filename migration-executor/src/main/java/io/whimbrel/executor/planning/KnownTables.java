package io.whimbrel.executor.planning;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.risk.TargetTables;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a look at the target, and a forecast, say of its tables to those who judge risks. */
final class KnownTables implements TargetTables {
  private final @Nullable TargetImpact impact;
  private final Map<String, Duration> times = new HashMap<>();

  KnownTables(@Nullable TargetImpact impact, @Nullable Forecast forecast) {
    this.impact = impact;
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

  private static String key(String script, int statement) {
    return statement + " " + script;
  }
}
