package io.whimbrel.monitoring.figures;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.MonitoringConfig;
import io.whimbrel.monitoring.SqlState;
import io.whimbrel.monitoring.figures.Figures.Period;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

/**
 * The figures for Prometheus, read from the database every few seconds. While the database is away
 * they stay as they were.
 */
@ApplicationScoped
class RunMeters {
  private static final Logger LOG = Logger.getLogger(RunMeters.class);

  private final FigureRepository repository;
  private final EventFigureRepository events;
  private final Meters meters;
  private final LabelledTargets targets;
  private final int labelled;

  RunMeters(
      FigureRepository repository,
      EventFigureRepository events,
      MonitoringConfig config,
      MeterRegistry registry) {
    this.events = events;
    this.repository = repository;
    this.labelled = config.labelledTargets();
    this.targets = new LabelledTargets(labelled);
    this.meters = new Meters(registry);
  }

  @Scheduled(
      every = "${migration.monitoring.refresh:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void refresh() {
    try {
      read();
    } catch (JdbiException e) {
      LOG.warnf("The figures for Prometheus stay as they were: %s", SqlState.describe(e));
    }
  }

  private synchronized void read() {
    List<RunCount> counts = repository.runs(Period.ALWAYS, null);
    targets.admit(repository.firstTargets(labelled));
    ended(counts);
    active(counts);
    events.alerts().forEach(this::alerts);
    openAlerts();
    events
        .deadLetters(Period.ALWAYS)
        .forEach(
            (topic, count) ->
                meters.counter(
                    "whimbrel.dead.letters",
                    Tags.of("topic", topic),
                    "Records that could not be read",
                    count));
    events
        .events()
        .forEach(
            (topic, count) ->
                meters.counter(
                    "whimbrel.events.ingested", Tags.of("topic", topic), "Events logged", count));
  }

  private record Ended(String target, String operation, String outcome) {
    Tags tags() {
      return Tags.of("target", target, "operation", operation, "outcome", outcome);
    }
  }

  private void ended(List<RunCount> counts) {
    Map<Ended, List<RunCount>> byLabels =
        counts.stream()
            .filter(count -> count.state().terminal())
            .collect(
                Collectors.groupingBy(
                    c ->
                        new Ended(
                            targets.label(c.target()), lower(c.operation()), lower(c.state()))));
    byLabels.forEach(
        (ended, of) -> {
          long runs = of.stream().mapToLong(RunCount::runs).sum();
          double seconds = of.stream().mapToDouble(RunCount::seconds).sum();
          meters.counter("whimbrel.runs", ended.tags(), "Runs that ended", runs);
          meters.timer(
              "whimbrel.run.duration",
              ended.tags(),
              "From the first step of a run to its end",
              runs,
              seconds);
        });
  }

  private void active(List<RunCount> counts) {
    meters.gauges(
        "whimbrel.runs.active",
        "Runs that have not ended",
        counts.stream()
            .filter(count -> !count.state().terminal())
            .collect(
                Collectors.groupingBy(
                    count -> Tags.of("target", targets.label(count.target())),
                    Collectors.summingLong(RunCount::runs))));
  }

  private void openAlerts() {
    Map<Tags, Long> open = new HashMap<>();
    events.openAlerts().forEach((kindAndSeverity, count) -> open.put(tags(kindAndSeverity), count));
    meters.gauges("whimbrel.alerts.open", "Alerts that are not resolved", open);
  }

  private void alerts(String kindAndSeverity, long count) {
    meters.counter(
        "whimbrel.alerts.raised", tags(kindAndSeverity), "Alerts raised, one per cause", count);
  }

  private static Tags tags(String kindAndSeverity) {
    List<String> parts = Arrays.asList(kindAndSeverity.split(":", 2));
    return Tags.of("kind", lower(parts.get(0)), "severity", lower(parts.get(1)));
  }

  private static String lower(Object name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
