package io.whimbrel.gateway.stream;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One reader's stream of one run: every event once, in order. An event from Kafka that follows on
 * the last one is passed on; one that leaves a gap, or a while in which the executor was not asked,
 * makes it ask the executor for what is missing. So nothing depends on Kafka bringing everything,
 * and an executor that is away delays the stream but does not end it.
 */
final class RunStream {
  private final UUID run;
  private final @Nullable String authorization;
  private final LiveEvents live;
  private final RunHistory history;
  private final StreamConfig config;

  /** The sequence and the state of the last event passed on; read and written in stream order. */
  private long last;

  private @Nullable String lastState;

  RunStream(
      UUID run,
      long after,
      @Nullable String authorization,
      LiveEvents live,
      RunHistory history,
      StreamConfig config) {
    this.run = run;
    this.last = after;
    this.authorization = authorization;
    this.live = live;
    this.history = history;
    this.config = config;
  }

  /** Fails with a 404 problem if there is no such run. What it opens ends with the run. */
  Uni<Multi<Frame>> open() {
    // One event earlier than asked for: its state tells whether the next one is a change of state.
    return history
        .first(run, Math.max(0, last - 1), authorization)
        .map(
            before -> {
              before.stream()
                  .filter(event -> event.sequence() == last)
                  .forEach(event -> lastState = event.state());
              return Multi.createBy()
                  .concatenating()
                  .streams(Multi.createFrom().iterable(frames(before)), following())
                  .select()
                  .first(frame -> frame != Frame.Sign.END);
            });
  }

  private Multi<Frame> following() {
    Moment poll = this::catchUp;
    Multi<Moment> moments =
        Multi.createBy()
            .merging()
            .streams(
                live.of(run).map(event -> () -> onLive(event)),
                // Asked once listening, so that nothing falls between history and live events.
                Multi.createFrom().item(poll),
                ticks(config.pollInterval()).map(tick -> poll),
                ticks(config.heartbeat()).map(tick -> this::heartbeat));
    return moments
        .onItem()
        .transformToUniAndConcatenate(Moment::frames)
        .onItem()
        .transformToMultiAndConcatenate(frames -> Multi.createFrom().iterable(frames))
        .onFailure(BackPressureFailure.class)
        .recoverWithMulti(Multi.createFrom().items(Frame.Notice.dropped(), Frame.Sign.END));
  }

  private Uni<List<Frame>> onLive(RunEvent event) {
    return event.sequence() > last + 1 ? catchUp() : Uni.createFrom().item(frames(List.of(event)));
  }

  private Uni<List<Frame>> catchUp() {
    return history
        .after(run, last, authorization)
        .map(this::frames)
        .onFailure(RunHistory::refused)
        // The caller's token has expired, say; it may come back with a new one and Last-Event-ID.
        .recoverWithItem(List.<Frame>of(Frame.Sign.END))
        .onFailure()
        .recoverWithItem(List.<Frame>of());
  }

  private Uni<List<Frame>> heartbeat() {
    return Uni.createFrom().item(List.of(Frame.Sign.HEARTBEAT));
  }

  private List<Frame> frames(List<RunEvent> events) {
    List<Frame> frames = new ArrayList<>();
    for (RunEvent event : events) {
      if (event.sequence() > last) {
        frames.add(new Frame.Event(event, !event.state().equals(lastState)));
        last = event.sequence();
        lastState = event.state();
      }
    }
    if (lastState != null && RunEvent.terminal(lastState)) {
      frames.add(Frame.Sign.END);
    }
    return frames;
  }

  private static Multi<Long> ticks(Duration every) {
    return Multi.createFrom().ticks().startingAfter(every).every(every).onOverflow().drop();
  }

  /** Something that happens to the stream, and what its reader gets from it. */
  private interface Moment {
    Uni<List<Frame>> frames();
  }
}
