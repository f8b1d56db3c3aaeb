package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Script;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A data migration in batches along a key, up to the greatest key there was at the start. Each
 * batch and its checkpoint are one transaction, so that none is done twice or left out; the last
 * one holds the verify queries and the history row too.
 */
final class BatchedScript {

  private final Application application;
  private final Script script;
  private final Connection connection;
  private final RangedStatement ranged;
  private final BatchSize size;
  private final long began = System.nanoTime();
  private Duration lockWait = Duration.ZERO;

  BatchedScript(Application application) {
    this.application = application;
    this.script = application.script();
    this.connection = application.session().connection();
    this.ranged = RangedStatement.of(script);
    this.size =
        new BatchSize(
            script.headers().batch().orElseThrow().size(), application.settings().batchTime());
  }

  /** What the first transaction finds: where to go on, or that nothing is to be done. */
  private record Start(BatchKey key, Checkpoint checkpoint, boolean applied) {}

  /** A batch that was committed. */
  private record Done(Checkpoint checkpoint, Optional<ApplyResult> end) {}

  ApplyResult apply() throws TargetLost, StaleFence {
    Attempts.Outcome<Start> start = attempt(this::start);
    Start found = start.value();
    if (start.ended() != null || found == null) {
      return ended(start.ended());
    }
    if (found.applied()) {
      return new ApplyResult.AlreadyApplied();
    }
    application.listener().statement(1, 1, ranged.statement().line());
    RowMeter meter = new RowMeter(application.listener(), found.checkpoint().rowsDone());
    Checkpoint checkpoint = found.checkpoint();
    while (true) {
      Checkpoint from = checkpoint;
      long batchBegan = System.nanoTime();
      Attempts.Outcome<Done> outcome =
          attempt((tx, lockTimeout) -> batch(tx, lockTimeout, found.key(), from));
      Done done = outcome.value();
      if (outcome.ended() != null || done == null) {
        if (tooSlow(outcome.ended()) && size.halve()) {
          continue;
        }
        return ended(outcome.ended());
      }
      size.took(Duration.ofNanos(System.nanoTime() - batchBegan));
      checkpoint = done.checkpoint();
      boolean last = done.end().isPresent();
      if (!last || done.end().get() instanceof ApplyResult.Applied) {
        meter.done(checkpoint.rowsDone(), checkpoint.rowsTotal(), last);
      }
      if (last) {
        return done.end().get();
      }
    }
  }

  private Start start(ScriptTransaction transaction, Duration lockTimeout)
      throws SQLException, StaleFence {
    transaction.begin(lockTimeout);
    BatchKey key = BatchKey.find(connection, script, ranged);
    if (application.history().has(connection, script)) {
      return new Start(key, Checkpoint.NONE, true);
    }
    application.hooks().afterBegin(connection);
    Optional<Checkpoint> before = Checkpoints.find(connection, script);
    if (before.isPresent()) {
      transaction.commit();
      return new Start(key, before.get(), false);
    }
    Checkpoint first =
        Checkpoint.batches(key.greatest(connection).orElse(null), key.rows(connection));
    Checkpoints.write(connection, script, first);
    transaction.commit();
    return new Start(key, first, false);
  }

  private Done batch(
      ScriptTransaction transaction, Duration lockTimeout, BatchKey key, Checkpoint from)
      throws SQLException, StaleFence {
    transaction.begin(lockTimeout);
    BatchKey.Bounds bounds = key.next(connection, from, size.rows());
    long changed = transaction.runQuietly(ranged.between(bounds));
    String upTo = bounds.upTo() == null ? "" : bounds.upTo();
    Checkpoint now = from.batch(upTo, bounds.rows(), changed);
    if (bounds.last()) {
      return new Done(now, Optional.of(last(transaction, now)));
    }
    Checkpoints.write(connection, script, now);
    return transaction.commit()
        ? new Done(now, Optional.empty())
        : new Done(from, Optional.of(new ApplyResult.Cancelled()));
  }

  private ApplyResult last(ScriptTransaction transaction, Checkpoint now) throws SQLException {
    Optional<String> broken = transaction.verify();
    if (broken.isPresent()) {
      return new ApplyResult.Failed(transaction.failure(broken.get()));
    }
    Duration executionTime = Duration.ofNanos(System.nanoTime() - began);
    Checkpoints.clear(connection, script.migration().script());
    transaction.record(executionTime);
    return transaction.commitLast()
        ? new ApplyResult.Applied(executionTime, now.affected(), lockWait)
        : new ApplyResult.Cancelled();
  }

  /** A piece of the work, in a transaction of its own. */
  private interface Piece<T> {
    @Nullable T run(ScriptTransaction transaction, Duration lockTimeout)
        throws SQLException, StaleFence;
  }

  private <T> Attempts.Outcome<T> attempt(Piece<T> piece) throws TargetLost, StaleFence {
    Attempts attempts = new Attempts(application);
    ScriptTransaction transaction = new ScriptTransaction(application);
    Attempts.Outcome<T> outcome =
        attempts.run(transaction, lockTimeout -> piece.run(transaction, lockTimeout));
    lockWait = lockWait.plus(attempts.lockWait());
    return outcome;
  }

  private static boolean tooSlow(@Nullable ApplyResult ended) {
    return ended instanceof ApplyResult.Failed failed
        && SqlStates.CANCELLED.equals(failed.failure().sqlState());
  }

  private static ApplyResult ended(@Nullable ApplyResult ended) {
    return ended == null ? new ApplyResult.Cancelled() : ended;
  }
}
