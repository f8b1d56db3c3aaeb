package io.whimbrel.executor.impact;

import java.time.Duration;

/**
 * How much a look at a target may cost.
 *
 * @param statementTimeout of every query that reads the catalogue or plans a statement
 * @param lockTimeout how long a query waits for a lock; also how long others might queue behind it
 * @param sample how long the writes to the tables are watched
 * @param countedBytes a table up to this size has its rows counted
 * @param explaining how long statements are explained, all together
 * @param probe how long one probe may read
 * @param probing how long probes may read, all together
 * @param keys how many primary keys of rows that would fail are shown
 */
public record ImpactSettings(
    Duration statementTimeout,
    Duration lockTimeout,
    Duration sample,
    long countedBytes,
    Duration explaining,
    Duration probe,
    Duration probing,
    int keys) {

  private static final Duration LEAST = Duration.ofMillis(1);

  public static final ImpactSettings DEFAULT =
      new ImpactSettings(
          Duration.ofSeconds(5),
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          8L << 20,
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          5);

  /**
   * The same, so that all of it ends in about so much time: statements are explained for a quarter
   * of it at most, probes read for a half, and the rest is for the figures of the tables.
   */
  public ImpactSettings within(Duration time) {
    Duration half = time.dividedBy(2);
    return new ImpactSettings(
        statementTimeout,
        lockTimeout,
        sample,
        countedBytes,
        shorter(explaining, half.dividedBy(2)),
        shorter(probe, half),
        shorter(probing, half),
        keys);
  }

  private static Duration shorter(Duration one, Duration other) {
    Duration shorter = one.compareTo(other) < 0 ? one : other;
    // PostgreSQL takes a limit of nothing for none.
    return shorter.compareTo(LEAST) < 0 ? LEAST : shorter;
  }
}
