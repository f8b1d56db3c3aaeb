package io.whimbrel.monitoring.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Spent;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.monitoring.Database;
import io.whimbrel.monitoring.Published;
import io.whimbrel.monitoring.RandomRuns;
import io.whimbrel.monitoring.RandomRuns.Story;
import io.whimbrel.monitoring.figures.Figures;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.FiguresOf;
import io.whimbrel.monitoring.rebuild.Rebuild;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever runs do, and however their events arrive (doubled, in any order, again after a crash),
 * the figures are those of a model that saw each event once and in order; and they are the same
 * when they are rebuilt from the log.
 */
@QuarkusTest
class FiguresPropertyIT {
  private static final Instant BEGIN = Instant.parse("2026-03-01T07:11:13.123Z");

  @Inject Ingestion ingestion;
  @Inject FiguresOf figures;
  @Inject Rebuild rebuild;
  @Inject UserTransaction transaction;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void figuresAreThoseOfTheModel(long seed) throws Exception {
    Random random = new Random(seed);
    List<Story> stories = stories(seed, random);
    ingest(stories, random);

    assertFigures(stories, seed);
    assertAlerts(stories);
    rebuild.fromLog();
    assertFigures(stories, seed);
  }

  private static List<Story> stories(long seed, Random random) {
    RandomRuns runs = new RandomRuns(seed);
    List<String> targets = List.of(target(), target());
    List<Story> stories = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      stories.add(
          runs.story(
              targets.get(random.nextInt(2)), BEGIN.plusSeconds(random.nextInt(5 * 86_400))));
    }
    return stories;
  }

  private void ingest(List<Story> stories, Random random) throws Exception {
    Map<String, List<ConsumerRecord<String, byte[]>>> topics = new TreeMap<>();
    for (Story story : stories) {
      for (Event event : story.events()) {
        int copies = 1 + random.nextInt(2);
        UUID id = UUID.randomUUID();
        for (int copy = 0; copy < copies; copy++) {
          List<ConsumerRecord<String, byte[]>> topic =
              topics.computeIfAbsent(event.type().topic(), t -> new ArrayList<>());
          topic.add(consumed(id, event, story.validatedAt(), topic.size()));
        }
      }
    }
    topics.values().forEach(records -> Collections.shuffle(records, random));
    while (!topics.isEmpty()) {
      List<String> names = List.copyOf(topics.keySet());
      String topic = names.get(random.nextInt(names.size()));
      List<ConsumerRecord<String, byte[]>> rest = topics.getOrDefault(topic, List.of());
      deliver(List.copyOf(rest.subList(0, Math.min(rest.size(), 1 + random.nextInt(30)))), random)
          .forEach(rest::remove);
      if (rest.isEmpty()) {
        topics.remove(topic);
      }
    }
  }

  /** Answers what counts as acknowledged: what is not comes again. */
  private List<ConsumerRecord<String, byte[]>> deliver(
      List<ConsumerRecord<String, byte[]>> batch, Random random) throws Exception {
    boolean diesBeforeCommit = random.nextInt(5) == 0;
    boolean diesBeforeAcknowledging = random.nextInt(5) == 0;
    transaction.begin();
    ingestion.record(batch);
    if (diesBeforeCommit) {
      transaction.rollback();
    } else {
      transaction.commit();
    }
    return diesBeforeCommit || diesBeforeAcknowledging ? List.of() : batch;
  }

  private static ConsumerRecord<String, byte[]> consumed(
      UUID id, Event event, Instant time, long offset) {
    ProducerRecord<String, byte[]> record = Published.record(id, event);
    record.headers().add("ce_time", time.toString().getBytes(UTF_8));
    return new ConsumerRecord<>(
        record.topic(),
        0,
        offset,
        time.toEpochMilli(),
        TimestampType.CREATE_TIME,
        -1,
        record.value().length,
        record.key(),
        record.value(),
        record.headers(),
        java.util.Optional.empty());
  }

  private void assertFigures(List<Story> stories, long seed) {
    Random random = new Random(seed);
    for (String target : stories.stream().map(Story::target).distinct().toList()) {
      List<Period> periods = new ArrayList<>(List.of(Period.ALWAYS));
      for (int i = 0; i < 6; i++) {
        Instant from = BEGIN.plusSeconds(random.nextInt(5 * 86_400));
        Instant to = from.plusSeconds(random.nextInt(4 * 86_400));
        periods.add(new Period(i == 4 ? null : from, i == 5 ? null : to));
      }
      Instant midnight = Instant.parse("2026-03-03T00:00:00Z");
      periods.add(new Period(midnight, midnight.plus(Duration.ofDays(1))));
      periods.add(new Period(midnight.minusSeconds(5), midnight.plusMillis(1)));
      for (Period period : periods) {
        Model model = new Model(stories, target, period);
        Figures seen = figures.period(period, target);
        assertThat(seen.runs()).as("%s of %s", period, target).isEqualTo(model.runs());
        assertThat(seen.durations()).as("%s", period).isEqualTo(model.durations());
        assertThat(seen.validations()).as("%s", period).isEqualTo(model.validations());
        assertThat(seen.spent()).as("%s", period).isEqualTo(model.spent());
        assertThat(seen.sqlStates()).as("%s", period).isEqualTo(model.sqlStates());
        assertThat(seen.phases().get("applying")).as("%s", period).isEqualTo(model.applying());
      }
    }
  }

  private static void assertAlerts(List<Story> stories) {
    for (Story story : stories) {
      long failed = story.validations().stream().filter(v -> !v.valid()).limit(1).count();
      long ended =
          List.of(RunStateName.FAILED, RunStateName.ROLLED_BACK, RunStateName.ROLLBACK_FAILED)
                  .contains(story.last().state())
              ? 1
              : 0;
      long off = isOff(story.last()) ? 1 : 0;
      assertThat(
              Database.count(
                  "select count(*) from alert where run_id = ? and kind in ('VALIDATION_FAILED',"
                      + " 'RUN_FAILED', 'RUN_ROLLED_BACK', 'ROLLBACK_FAILED', 'PREDICTION_OFF')",
                  story.runId()))
          .isEqualTo(failed + ended + off);
    }
    stories.stream()
        .collect(Collectors.groupingBy(Story::target))
        .forEach(
            (target, ofTarget) ->
                assertThat(
                        Database.count(
                                "select count(*) from alert where kind = 'DRIFT' and target = ?",
                                target)
                            > 0)
                    .isEqualTo(ofTarget.stream().anyMatch(Story::drifted)));
  }

  private static boolean isOff(MigrationProgress last) {
    return last.applied() != null
        && last.applied().stream()
            .anyMatch(one -> one.predicted() != null && one.durationMs() > 20_000);
  }

  private static String target() {
    return "p-" + UUID.randomUUID();
  }

  /** Says the same from the stories as they were made up, in the plainest way. */
  private record Model(List<Story> stories, String target, Period period) {

    private List<Story> ended() {
      return stories.stream()
          .filter(story -> story.target().equals(target) && story.last().state().terminal())
          .filter(story -> within(story.last().at()))
          .toList();
    }

    private boolean within(Instant at) {
      return (period.from() == null || !at.isBefore(period.from()))
          && (period.to() == null || at.isBefore(period.to()));
    }

    Figures.Runs runs() {
      List<RunStateName> ends = ended().stream().map(story -> story.last().state()).toList();
      List<RunStateName> active =
          stories.stream()
              .filter(story -> story.target().equals(target))
              .map(story -> story.last().state())
              .filter(state -> !state.terminal())
              .toList();
      long succeeded = ends.stream().filter(RunStateName.COMPLETED::equals).count();
      long failed =
          ends.stream()
              .filter(s -> s.name().contains("FAILED") || s == RunStateName.ROLLED_BACK)
              .count();
      return new Figures.Runs(
          ends.size() + active.size(),
          active.size(),
          active.stream().filter(RunStateName.REQUESTED::equals).count(),
          ends.stream().collect(Collectors.groupingBy(s -> s, Collectors.counting())),
          succeeded,
          failed,
          ends.isEmpty() ? null : (double) succeeded / ends.size(),
          ends.isEmpty() ? null : (double) failed / ends.size());
    }

    Figures.Durations durations() {
      return durations(
          ended().stream()
              .filter(
                  story ->
                      story.last().state() != RunStateName.REJECTED
                          && story.last().state() != RunStateName.CANCELLED)
              .map(story -> millis(story.progress().get(1).at(), story.last().at()))
              .toList());
    }

    Figures.@Nullable Durations applying() {
      List<Double> times = new ArrayList<>();
      for (Story story : ended()) {
        for (int i = 0; i < story.progress().size() - 1; i++) {
          if (story.progress().get(i).state() == RunStateName.APPLYING) {
            times.add(millis(story.progress().get(i).at(), story.progress().get(i + 1).at()));
          }
        }
      }
      return times.isEmpty() ? null : durations(times);
    }

    private static double millis(Instant from, Instant to) {
      return Duration.between(from, to).toMillis();
    }

    private static Figures.Durations durations(List<Double> times) {
      if (times.isEmpty()) {
        return new Figures.Durations(0, null, null, null, null, null);
      }
      List<Double> sorted = times.stream().sorted().toList();
      double average = times.stream().mapToDouble(Double::doubleValue).sum() / times.size();
      return new Figures.Durations(
          times.size(),
          rounded(average),
          percentile(sorted, 0.5),
          percentile(sorted, 0.95),
          percentile(sorted, 0.99),
          rounded(sorted.get(sorted.size() - 1)));
    }

    private static Double percentile(List<Double> sorted, double share) {
      double place = share * (sorted.size() - 1);
      int below = (int) Math.floor(place);
      int above = (int) Math.ceil(place);
      return rounded(sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below)));
    }

    private static Double rounded(double value) {
      return Math.round(value * 10) / 10.0;
    }

    Figures.Validations validations() {
      List<ValidationCompleted> all =
          stories.stream()
              .filter(story -> story.target().equals(target) && within(story.validatedAt()))
              .flatMap(story -> story.validations().stream())
              .toList();
      return new Figures.Validations(
          all.size(), all.stream().filter(v -> !v.valid()).count(), all.isEmpty() ? null : 12.0);
    }

    Figures.Spent spent() {
      List<Spent> spent =
          ended().stream().map(story -> story.last().spent()).filter(Objects::nonNull).toList();
      return new Figures.Spent(
          applied(Applied::lockWaitMs),
          applied(Applied::walBytes),
          spent.stream().mapToLong(Spent::retries).sum(),
          spent.stream().filter(one -> one.backupBytes() != null).count(),
          sum(spent.stream().map(Spent::backupBytes)));
    }

    private long applied(Function<Applied, @Nullable Long> figure) {
      return sum(
          ended().stream()
              .map(story -> story.last().applied())
              .filter(Objects::nonNull)
              .flatMap(List::stream)
              .map(figure));
    }

    private static long sum(Stream<@Nullable Long> figures) {
      return figures.filter(Objects::nonNull).mapToLong(Long::longValue).sum();
    }

    Map<String, Long> sqlStates() {
      return ended().stream()
          .filter(story -> story.last().state() == RunStateName.FAILED)
          .collect(
              Collectors.groupingBy(
                  story -> String.valueOf(Objects.requireNonNull(story.last().error()).sqlState()),
                  Collectors.counting()));
    }
  }
}
