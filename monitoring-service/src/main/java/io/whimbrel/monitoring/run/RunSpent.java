package io.whimbrel.monitoring.run;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Spent;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an ended run took besides time. A figure that it did not tell is null.
 *
 * @param lockWaitMs milliseconds that its migrations waited for locks in vain
 * @param walBytes that its migrations wrote, of those where it is known
 * @param retries attempts at steps that were made again
 * @param backupBytes of its backup as stored
 */
record RunSpent(
    @Nullable Long lockWaitMs,
    @Nullable Long walBytes,
    @Nullable Long retries,
    @Nullable Long backupBytes) {
  static final RunSpent NOTHING = new RunSpent(null, null, null, null);

  static RunSpent of(MigrationProgress event) {
    Spent spent = event.spent();
    return new RunSpent(
        sum(event.applied(), Applied::lockWaitMs),
        sum(event.applied(), Applied::walBytes),
        spent == null ? null : Long.valueOf(spent.retries()),
        spent == null ? null : spent.backupBytes());
  }

  private static @Nullable Long sum(
      @Nullable List<Applied> applied, Function<Applied, @Nullable Long> figure) {
    return applied == null
        ? null
        : applied.stream().map(figure).filter(Objects::nonNull).reduce(Long::sum).orElse(null);
  }

  /** Told once, at the end; so the order does not matter, nor that it is told again. */
  RunSpent with(RunSpent other) {
    return new RunSpent(
        more(lockWaitMs, other.lockWaitMs),
        more(walBytes, other.walBytes),
        more(retries, other.retries),
        more(backupBytes, other.backupBytes));
  }

  static <T extends Comparable<T>> @Nullable T more(@Nullable T one, @Nullable T other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }
}
