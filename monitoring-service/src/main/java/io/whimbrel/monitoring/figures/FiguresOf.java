package io.whimbrel.monitoring.figures;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.figures.Figures.DeadLetters;
import io.whimbrel.monitoring.figures.Figures.OfTarget;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.Figures.Rollbacks;
import io.whimbrel.monitoring.figures.Figures.Runs;
import io.whimbrel.monitoring.health.KafkaProbe;
import io.whimbrel.monitoring.health.OutboxProbe;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Adds up the figures of a period and a target. */
@ApplicationScoped
public class FiguresOf {
  private final FigureRepository repository;
  private final EventFigureRepository events;
  private final KafkaProbe kafka;
  private final OutboxProbe outboxes;

  FiguresOf(
      FigureRepository repository,
      EventFigureRepository events,
      KafkaProbe kafka,
      OutboxProbe outboxes) {
    this.kafka = kafka;
    this.outboxes = outboxes;
    this.events = events;
    this.repository = repository;
  }

  /**
   * The figures of a period.
   *
   * @param target null for all targets
   */
  @Transactional
  public Figures period(Period period, @Nullable String target) {
    List<RunCount> counts = repository.runs(period, target);
    FigureRepository.Sums sums = repository.sums(period, target);
    return new Figures(
        Instant.now(),
        period,
        target,
        repository.cleanedUntil().orElse(null),
        runs(counts),
        repository.durations(period, target),
        repository.phases(period, target),
        rollbacks(counts),
        repository.validations(period, target),
        repository.sqlStates(period, target),
        sums.rows(),
        sums.spent(),
        target == null ? deadLetters(events.deadLetters(period)) : null,
        target == null ? events.events() : null,
        target == null ? kafka.view().lag() : null,
        target == null ? outboxes.seconds() : null,
        ofTargets(counts));
  }

  private static List<OfTarget> ofTargets(List<RunCount> counts) {
    return counts.stream()
        .collect(groupingBy(RunCount::target, TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(entry -> new OfTarget(entry.getKey(), runs(entry.getValue())))
        .toList();
  }

  static Runs runs(List<RunCount> counts) {
    Map<RunStateName, Long> outcomes = new EnumMap<>(RunStateName.class);
    counts.stream()
        .filter(count -> count.state().terminal())
        .forEach(count -> outcomes.merge(count.state(), count.runs(), Long::sum));
    long total = sum(counts, count -> true);
    long ended = sum(counts, count -> count.state().terminal());
    long succeeded = sum(counts, RunCount::succeeded);
    long failed = sum(counts, RunCount::failed);
    return new Runs(
        total,
        total - ended,
        sum(counts, count -> count.state() == RunStateName.REQUESTED),
        outcomes,
        succeeded,
        failed,
        rate(succeeded, ended),
        rate(failed, ended));
  }

  private static Rollbacks rollbacks(List<RunCount> counts) {
    long succeeded = sum(counts, count -> count.state() == RunStateName.ROLLED_BACK);
    long failed = sum(counts, count -> count.state() == RunStateName.ROLLBACK_FAILED);
    return new Rollbacks(
        succeeded + failed, succeeded, failed, rate(succeeded, succeeded + failed));
  }

  private static DeadLetters deadLetters(Map<String, Long> byTopic) {
    return new DeadLetters(byTopic.values().stream().mapToLong(Long::longValue).sum(), byTopic);
  }

  private static long sum(List<RunCount> counts, Predicate<RunCount> which) {
    return counts.stream().filter(which).mapToLong(RunCount::runs).sum();
  }

  private static @Nullable Double rate(long part, long whole) {
    return whole == 0 ? null : (double) part / whole;
  }
}
