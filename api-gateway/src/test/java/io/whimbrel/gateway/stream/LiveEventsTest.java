package io.whimbrel.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveEventsTest {
  private final UUID run = UUID.randomUUID();
  private final LiveEvents live = new LiveEvents(new Settings());

  @Test
  void readersGetTheEventsOfTheirRunOnly() {
    Reader reader = new Reader(10);
    live.of(run).subscribe(reader);

    live.publish(event(run, 1));
    live.publish(event(UUID.randomUUID(), 1));
    live.publish(event(run, 2));

    assertThat(reader.events).extracting(RunEvent::sequence).containsExactly(1L, 2L);
  }

  @Test
  void aReaderWhoDoesNotKeepUpIsDropped() {
    Reader reader = new Reader(0);
    live.of(run).subscribe(reader);

    for (int sequence = 1; sequence <= 10; sequence++) {
      live.publish(event(run, sequence));
    }

    assertThat(reader.failure).isNotNull();
    assertThat(live.readers()).isZero();
  }

  @Test
  void whoLeavesIsForgotten() {
    Reader reader = new Reader(10);
    live.of(run).subscribe(reader);
    assertThat(live.readers()).isEqualTo(1);

    reader.leave();

    assertThat(live.readers()).isZero();
  }

  private static RunEvent event(UUID run, long sequence) {
    return new RunEvent(run, sequence, "APPLYING", "{}");
  }

  private static final class Reader implements Flow.Subscriber<RunEvent> {
    private final long wanted;
    private final List<RunEvent> events = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Throwable failure;

    Reader(long wanted) {
      this.wanted = wanted;
    }

    @Override
    public void onSubscribe(Flow.Subscription made) {
      subscription = made;
      if (wanted > 0) {
        made.request(wanted);
      }
    }

    @Override
    public void onNext(RunEvent event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable cause) {
      failure = cause;
    }

    @Override
    public void onComplete() {}

    void leave() {
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  private static final class Settings implements StreamConfig {
    @Override
    public Duration heartbeat() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Duration pollInterval() {
      return Duration.ofSeconds(1);
    }

    @Override
    public int buffer() {
      return 4;
    }

    @Override
    public Duration replay() {
      return Duration.ZERO;
    }

    @Override
    public int replayEvents() {
      return 1;
    }

    @Override
    public long replayCharacters() {
      return 1;
    }

    @Override
    public int maxReaders() {
      return 1;
    }

    @Override
    public Duration unknownRunGrace() {
      return Duration.ofSeconds(1);
    }
  }
}
