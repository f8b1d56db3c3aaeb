package io.whimbrel.executor.apply;

import io.whimbrel.executor.apply.BatchKey.RowCount;
import io.whimbrel.executor.catalog.BatchHeader;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Script;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A data migration in batches along a key, up to the greatest key there was at the start, and then
 * up to the greatest there is by now, so often that only the rows of the last moments are left to
 * the application. Each batch and its checkpoint are one transaction, so that none is done twice or
 * left out; the last one holds the verify queries and the history row too. The script's one
 * statement is begun by the first transaction and ended by the last, as its callbacks see it. A
 * pause ends the script between two of them; the next attempt goes on from the checkpoint as after
 * an interruption.
 */
final class BatchedScript {

  /** A busy application adds rows for ever; what it adds after these it has to add right. */
  private static final int SWEEPS = 5;

  private static final Duration HELD = Duration.ofMillis(250);

  private final Application application;
  private final Script script;
  private final BatchHeader header;
  private final Connection connection;
  private final RangedStatement ranged;
  private final BatchSize size;
  private final Pieces pieces;
  private final long began = System.nanoTime();
  private int sweeps;
  private boolean addsToItsTable;
  private @Nullable KeyRange next;

  BatchedScript(Application application) {
    this.application = application;
    this.pieces = new Pieces(application);
    this.script = application.script();
    this.header = script.headers().batch().orElseThrow();
    this.connection = application.session().connection();
    this.ranged = RangedStatement.of(script);
    this.size =
        new BatchSize(header.size(), header.duration().orElse(application.settings().batchTime()));
  }

  /** What the first transaction finds: where to go on, or that nothing is to be done. */
  private record Start(
      BatchKey key,
      BatchTransaction batches,
      Checkpoint checkpoint,
      boolean applied,
      boolean estimated) {}

  /** A batch that was committed. */
  private record Done(Checkpoint checkpoint, Optional<ApplyResult> end) {}

  ApplyResult apply() throws TargetLost, StaleFence {
    Attempts.Outcome<Start> start = pieces.run(this::start);
    Start found = start.value();
    if (start.ended() != null || found == null) {
      return Attempts.ended(start.ended());
    }
    if (found.applied()) {
      return new ApplyResult.AlreadyApplied();
    }
    application.listener().statement(1, 1, ranged.statement().line());
    RowMeter meter =
        new RowMeter(
            application.listener(),
            found.checkpoint().rowsDone(),
            found.estimated(),
            System::nanoTime);
    try (ThrottleWatch watch =
        ThrottleWatch.over(
            application,
            header.throttle().over(application.session().target().policy().throttle()),
            application.session().watch().pid(),
            found.key().table())) {
      return batches(found, meter, watch);
    }
  }

  private ApplyResult batches(Start found, RowMeter meter, ThrottleWatch watch)
      throws TargetLost, StaleFence {
    Checkpoint checkpoint = found.checkpoint();
    while (true) {
      if (pauseWantedOnceFree(watch)) {
        return new ApplyResult.Paused();
      }
      Attempts.Outcome<Done> outcome = batch(found, checkpoint);
      Done done = outcome.value();
      if (outcome.ended() != null || done == null) {
        if (tooSlow(outcome.ended()) && smaller()) {
          continue;
        }
        return Attempts.ended(outcome.ended());
      }
      checkpoint = done.checkpoint();
      boolean last = done.end().isPresent();
      if (!last || done.end().get() instanceof ApplyResult.Applied) {
        meter.done(checkpoint.rowsDone(), checkpoint.rowsTotal(), size.rows(), last);
      }
      if (last) {
        return done.end().get();
      }
      application.cancel().sleeps(header.interval());
    }
  }

  /** Waits until nothing holds the batches, or someone wants them to end. */
  private boolean pauseWantedOnceFree(ThrottleWatch watch) {
    while (true) {
      List<String> reasons = watch.reasons();
      boolean pause = application.listener().pauseWanted();
      if (pause || reasons.isEmpty() || application.cancel().isCancelled()) {
        return pause;
      }
      application.listener().held(reasons);
      application.cancel().sleeps(HELD);
    }
  }

  private Start start(ScriptTransaction transaction, Duration lockTimeout)
      throws SQLException, StaleFence {
    transaction.begin(lockTimeout);
    BatchKey key = BatchKey.find(connection, script, ranged);
    String path = Sql.text(connection, "select current_setting('search_path')");
    BatchTransaction batches =
        new BatchTransaction(application, ranged, key, path == null ? "" : path);
    if (application.history().has(connection, script)) {
      return new Start(key, batches, Checkpoint.NONE, true, false);
    }
    transaction.afterBegin();
    Optional<Checkpoint> before = Checkpoints.find(connection, script);
    RowCount rows = before.isPresent() ? key.estimate(connection) : key.rows(connection);
    Checkpoint checkpoint = before.isPresent() ? before.get() : first(key, rows);
    transaction.at(ranged.statement());
    if (BatchedStatementPlan.addsToItsTable(
        connection, ranged.between(rest(key, checkpoint)), key.table())) {
      sweeps = SWEEPS;
      addsToItsTable = true;
    }
    if (before.isEmpty()) {
      transaction.callbacks(Moment.BEFORE_EACH_MIGRATE_STATEMENT);
      transaction.asOurselves();
      Checkpoints.write(connection, script, checkpoint);
    }
    transaction.commit(CrashPoint.FIRST_CHECKPOINT);
    return new Start(key, batches, checkpoint, false, rows.estimated());
  }

  private Checkpoint first(BatchKey key, RowCount rows) throws SQLException {
    KeyValue greatest = key.greatest(connection);
    return Checkpoint.batches(greatest == null ? null : greatest.text(), rows.rows());
  }

  private Attempts.Outcome<Done> batch(Start start, Checkpoint from) throws TargetLost, StaleFence {
    boolean[] again = {false};
    return pieces.run(
        (transaction, lockTimeout) -> {
          if (again[0]) {
            smaller();
          }
          again[0] = true;
          long batchBegan = System.nanoTime();
          transaction.at(ranged.statement());
          start.batches().begin(lockTimeout);
          Done done = batch(transaction, start, from);
          size.took(
              done.checkpoint().rowsDone() - from.rowsDone(),
              Duration.ofNanos(System.nanoTime() - batchBegan));
          return done;
        });
  }

  private Done batch(ScriptTransaction transaction, Start start, Checkpoint from)
      throws SQLException, StaleFence {
    KeyRange rest = rest(start.key(), from);
    KeyRange range = next;
    if (range == null) {
      range = rest.upTo() == null ? rest : start.batches().first(rest, size.rows());
      next = range;
    }
    if (range.upTo() == null || range.upTo().equals(rest.upTo())) {
      return lastOfSweep(transaction, start, from, range);
    }
    KeyRange behind = new KeyRange(start.key(), range.upTo(), rest.upTo(), 0);
    int rows = size.rows();
    BatchTransaction.Result result = start.batches().run(range, behind, rows);
    Checkpoint now = from.batch(range.upTo().text(), result.rows(), result.changed());
    Done done = committed(transaction, from, now);
    next = BatchTransaction.part(behind, result.key(), rows);
    return done;
  }

  private Done lastOfSweep(
      ScriptTransaction transaction, Start start, Checkpoint from, KeyRange range)
      throws SQLException, StaleFence {
    BatchTransaction.Result result = start.batches().runLast(range);
    String upTo = range.upTo() == null ? null : range.upTo().text();
    Checkpoint now = from.batch(upTo, result.rows(), result.changed());
    KeyValue behind = result.key();
    if (behind == null || sweeps >= SWEEPS) {
      if (behind != null && !addsToItsTable) {
        application.listener().sweepsSpent(SWEEPS);
      }
      return new Done(now, Optional.of(last(transaction, now)));
    }
    Done done = committed(transaction, from, now.upTo(behind.text()));
    sweeps++;
    next = null;
    return done;
  }

  private Done committed(ScriptTransaction transaction, Checkpoint from, Checkpoint now)
      throws SQLException {
    Checkpoints.write(connection, script, now);
    return transaction.commit(CrashPoint.BATCH)
        ? new Done(now, Optional.empty())
        : new Done(from, Optional.of(new ApplyResult.Cancelled()));
  }

  private ApplyResult last(ScriptTransaction transaction, Checkpoint now) throws SQLException {
    transaction.callbacks(Moment.AFTER_EACH_MIGRATE_STATEMENT);
    Optional<String> broken = transaction.verify();
    if (broken.isPresent()) {
      return new ApplyResult.Failed(transaction.failure(broken.get()));
    }
    Duration executionTime = Duration.ofNanos(System.nanoTime() - began);
    transaction.asOurselves();
    Checkpoints.clear(connection, script.migration().script());
    transaction.record(executionTime);
    return transaction.commitLast()
        ? new ApplyResult.Applied(
            executionTime,
            now.affected(),
            pieces.lockWait(),
            List.of(new StatementFigures(1, executionTime.toMillis(), false, now.affected(), null)))
        : new ApplyResult.Cancelled();
  }

  private boolean smaller() {
    boolean halved = size.halve();
    if (halved) {
      next = null;
    }
    return halved;
  }

  private static KeyRange rest(BatchKey key, Checkpoint from) {
    return new KeyRange(key, value(key, from.lastKey()), value(key, from.upperBound()), 0);
  }

  private static @Nullable KeyValue value(BatchKey key, @Nullable String text) {
    return text == null ? null : KeyValue.of(text, key.columns().size());
  }

  private static boolean tooSlow(@Nullable ApplyResult ended) {
    return ended instanceof ApplyResult.Failed failed
        && SqlStates.CANCELLED.equals(failed.failure().sqlState());
  }
}
