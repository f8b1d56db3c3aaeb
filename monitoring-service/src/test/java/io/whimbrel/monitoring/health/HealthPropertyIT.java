package io.whimbrel.monitoring.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.Event;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.monitoring.Published;
import io.whimbrel.monitoring.RandomRuns;
import io.whimbrel.monitoring.RandomRuns.Story;
import io.whimbrel.monitoring.rebuild.Rebuild;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * What health looks back on is what a model saw that took each event once and in order, however the
 * events came. The runs are of a time to come, where those of no other test are.
 */
@QuarkusTest
class HealthPropertyIT {
  private static final Duration AHEAD = Duration.ofDays(1_000);
  private static final Duration WAIT = Duration.ofDays(4_000);

  @Inject HealthRepository repository;
  @Inject Rebuild rebuild;

  @Test
  void whatHealthLooksBackOnIsThatOfTheModel() {
    Random random = new Random(77);
    RandomRuns runs = new RandomRuns(77);
    Instant begin = Instant.now().plus(AHEAD);
    List<Story> stories = new ArrayList<>();
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Story story =
          runs.story("health-" + begin.toEpochMilli(), begin.plusSeconds(random.nextInt(900_000)));
      stories.add(story);
      story.events().forEach(event -> records.addAll(copies(event, story, random)));
    }
    Collections.shuffle(records, random);
    Published.publish(records);

    for (int days : new int[] {999, 1_003, 1_007}) {
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(() -> assertThat(past(days)).isEqualTo(model(stories, days)));
      rebuild.fromLog();
      assertThat(past(days)).isEqualTo(model(stories, days));
    }
  }

  private RecentPast past(int days) {
    return repository.past(Duration.ofDays(days).negated(), WAIT);
  }

  private static List<ProducerRecord<String, byte[]>> copies(
      Event event, Story story, Random random) {
    UUID id = UUID.randomUUID();
    List<ProducerRecord<String, byte[]>> copies = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      ProducerRecord<String, byte[]> copy = Published.record(id, event);
      copy.headers().add("ce_time", story.validatedAt().toString().getBytes(UTF_8));
      copies.add(copy);
    }
    return copies;
  }

  private static RecentPast model(List<Story> stories, int days) {
    Instant since = Instant.now().plus(Duration.ofDays(days));
    List<RunStateName> ends =
        stories.stream()
            .map(Story::last)
            .filter(last -> last.state().terminal() && last.at().isAfter(since))
            .map(last -> last.state())
            .toList();
    List<ValidationCompleted> validations =
        stories.stream()
            .filter(story -> story.validatedAt().isAfter(since))
            .flatMap(story -> story.validations().stream())
            .toList();
    long rolledBack = count(ends, RunStateName.ROLLED_BACK);
    long rollbacksFailed = count(ends, RunStateName.ROLLBACK_FAILED);
    return new RecentPast(
        ends.size(),
        count(ends, RunStateName.FAILED) + rolledBack + rollbacksFailed,
        rolledBack,
        rollbacksFailed,
        validations.size(),
        validations.stream().filter(validation -> !validation.valid()).count(),
        0);
  }

  private static long count(List<RunStateName> ends, RunStateName state) {
    return ends.stream().filter(state::equals).count();
  }
}
