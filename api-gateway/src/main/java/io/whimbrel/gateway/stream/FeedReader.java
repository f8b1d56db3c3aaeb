package io.whimbrel.gateway.stream;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One reader of the feed, who gets as much as asked for. A reader whose next event is gone is told
 * that it is dropped; one that takes not even heartbeats is cut off.
 */
final class FeedReader implements Flow.Subscription {
  private static final int BEATS = 4;

  /**
   * Where a reader begins.
   *
   * @param from number of the first entry that it may want
   * @param live number from which on it wants every entry
   * @param after the position up to which it has the earlier ones
   * @param gap whether something between is gone already
   */
  record Start(long from, long live, @Nullable Position after, boolean gap) {}

  private final Feed feed;
  private final Flow.Subscriber<? super Frame> subscriber;
  private final Start start;
  private final @Nullable String target;
  private final Runnable cut;
  private final AtomicLong requested = new AtomicLong();
  private final AtomicInteger drains = new AtomicInteger();

  /** Heartbeats that are due. One is at the start, so that the answer begins at once. */
  private final AtomicInteger beats = new AtomicInteger(1);

  private volatile boolean done;
  private long cursor;
  private boolean gap;

  FeedReader(
      Feed feed,
      Flow.Subscriber<? super Frame> subscriber,
      Start start,
      @Nullable String target,
      Runnable cut) {
    this.feed = feed;
    this.subscriber = subscriber;
    this.start = start;
    this.target = target;
    this.cut = cut;
    this.cursor = start.from();
    this.gap = start.gap();
  }

  @Override
  public void request(long n) {
    requested.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    drain();
  }

  @Override
  public void cancel() {
    done = true;
    feed.leave(this);
  }

  /** A heartbeat is due. */
  void beat() {
    if (beats.incrementAndGet() > BEATS) {
      cancel();
      feed.dropped();
      cut.run();
    } else {
      drain();
    }
  }

  /** Passes on what there is, from one thread at a time. */
  void drain() {
    if (drains.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      passOn();
      missed = drains.addAndGet(-missed);
    } while (missed != 0);
  }

  private void passOn() {
    Frame frame;
    while (!done && requested.get() > 0 && (frame = next()) != null) {
      requested.decrementAndGet();
      beats.set(0);
      subscriber.onNext(frame);
      if (frame instanceof Frame.Notice notice && notice.name().equals("dropped")) {
        cancel();
        feed.dropped();
        subscriber.onComplete();
      }
    }
  }

  private @Nullable Frame next() {
    if (gap) {
      gap = false;
      return Frame.Notice.gap();
    }
    while (!feed.evicted(cursor)) {
      Feed.Entry entry = feed.entry(cursor);
      if (entry == null) {
        return beats.get() > 0 ? Frame.Sign.HEARTBEAT : null;
      }
      cursor++;
      if (wanted(entry)) {
        return new Frame.Item(entry.event());
      }
    }
    return Frame.Notice.dropped();
  }

  private boolean wanted(Feed.Entry entry) {
    boolean concerns = target == null || target.equals(entry.event().target());
    if (!concerns || start.after() == null || cursor > start.live()) {
      return concerns;
    }
    Long last = start.after().of(entry.partition());
    return last == null || entry.offset() > last;
  }
}
