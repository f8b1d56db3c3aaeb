package io.whimbrel.executor.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.whimbrel.delivery.Outbox;
import io.whimbrel.delivery.Traces;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.RunState.Move;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which a run changes its state. State, event, queue, metric and log line go
 * through it together, in one transaction of the control database: if it stops half way, none of
 * them has happened.
 */
@ApplicationScoped
public class RunLifecycle {
  private static final Logger LOG = Logger.getLogger(RunLifecycle.class);

  private final RunRepository runs;
  private final RunFigures figures;
  private final RunQueue queue;
  private final Outbox outbox;
  private final Traces traces;
  private final MeterRegistry metrics;

  RunLifecycle(
      RunRepository runs,
      RunFigures figures,
      RunQueue queue,
      Outbox outbox,
      Traces traces,
      MeterRegistry metrics) {
    this.runs = runs;
    this.figures = figures;
    this.queue = queue;
    this.outbox = outbox;
    this.traces = traces;
    this.metrics = metrics;
  }

  /**
   * Takes a request: the run exists from now on, and begins when its target is free.
   *
   * @return false if the run exists already, whatever has become of it
   */
  @Transactional
  public boolean request(
      MigrationRequested request, String source, boolean mayLoseData, Instant at) {
    // Before the place in the queue is drawn, so that places are taken in the order of commits.
    runs.lockQueue(request.target());
    // Asked first: to insert waits for whoever moves the run, who in turn waits for the queue.
    if (runs.find(request.runId()).isPresent()
        || !runs.insert(request, source, mayLoseData, at, traces.here())) {
      LOG.infof("Run %s was requested again and is the same run", request.runId());
      return false;
    }
    Run run = runs.lock(request.runId()).orElseThrow();
    publish(
        run,
        runs.nextSequence(run.id()),
        RunStateName.REQUESTED,
        RunProgress.says("Waits for its target"),
        null);
    beginNext(run.target());
    LOG.infof(
        "Run %s of %s on %s requested by %s",
        run.id(), request.operation(), run.target(), request.requestedBy());
    return true;
  }

  /**
   * Claims a run for a step; every earlier claim of it is stale from now on.
   *
   * @throws StaleClaim if the run is in none of the states that the step belongs to
   */
  @Transactional
  @Durable(CrashPoint.CLAIM)
  public Claim claim(UUID id, Step step, RunStateName... expected) {
    Claim claim = claim(id, expected);
    runs.beginStep(id, step);
    return claim;
  }

  /** Claims a run for a move that is no step of its own. */
  @Transactional
  @Durable(CrashPoint.CLAIM)
  public Claim claim(UUID id, RunStateName... expected) {
    Run run = runs.lock(id).orElseThrow(() -> new StaleClaim(id, "does not exist"));
    for (RunStateName state : expected) {
      if (run.state() == state) {
        return new Claim(id, run.target(), runs.claim(id), state);
      }
    }
    throw new StaleClaim(id, "is " + run.state() + " already");
  }

  /**
   * Moves a run into its next state.
   *
   * @return the claim in the new state
   * @throws StaleClaim if someone else has claimed or moved the run meanwhile
   */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  public Claim enter(Claim claim, Move move, Announcement announcement) {
    Run run = lockClaimed(claim);
    if (run.state() != move.from()) {
      throw new StaleClaim(run.id(), "is " + run.state() + " and not " + move.from());
    }
    RunStateName state = move.to();
    RunProgress progress =
        new RunProgress(
            announcement.step(),
            null,
            null,
            null,
            state == RunStateName.COMPLETED ? 100.0 : null,
            null,
            null,
            announcement.message());
    long sequence = runs.saveState(run.id(), state, progress, announcement.error());
    publish(run, sequence, state, progress, announcement);
    if (state.terminal()) {
      runs.lockQueue(run.target());
      beginNext(run.target());
      metrics.counter("whimbrel.executor.runs", "outcome", state.name()).increment();
    }
    LOG.infof("Run %s on %s is %s: %s", run.id(), run.target(), state, announcement.message());
    return new Claim(run.id(), run.target(), claim.token(), state);
  }

  /**
   * Says how far the run has come within its state.
   *
   * @throws StaleClaim if someone else has claimed or moved the run meanwhile
   */
  @Transactional
  @Durable(CrashPoint.PROGRESS)
  public void progress(Claim claim, RunProgress progress) {
    progress(lockClaimed(claim), progress);
  }

  /** Says something of a run beside the step that is at work on it. */
  @Transactional
  @Durable(CrashPoint.PROGRESS)
  void remark(UUID id, String message) {
    Run run = runs.lock(id).orElseThrow();
    RunProgress before = run.progress() == null ? RunProgress.says("") : run.progress();
    progress(run, before.with(message));
  }

  private void progress(Run run, RunProgress progress) {
    runs.saveProgress(run.id(), progress);
    if (run.options().monitorProgress()) {
      publish(run, runs.nextSequence(run.id()), run.state(), progress, null);
    }
  }

  private Run lockClaimed(Claim claim) {
    Run run =
        runs.lock(claim.run()).orElseThrow(() -> new StaleClaim(claim.run(), "does not exist"));
    if (run.token() != claim.token()) {
      throw new StaleClaim(run.id(), "was claimed by another");
    }
    return run;
  }

  private void beginNext(String target) {
    runs.activateNext(target).ifPresent(next -> queue.schedule(next, Step.PLAN));
  }

  private void publish(
      Run run,
      long sequence,
      RunStateName state,
      RunProgress progress,
      @Nullable Announcement announcement) {
    MigrationProgress event =
        new MigrationProgress(
            run.id(),
            sequence,
            state,
            run.request().operation(),
            run.target(),
            announcement == null ? null : announcement.phase(),
            progress.migration(),
            progress.step(),
            progress.statement(),
            progress.of(),
            progress.percent(),
            progress.rows(),
            progress.etaSeconds(),
            progress.message(),
            announcement == null ? null : announcement.touched(),
            announcement == null ? null : announcement.plannedChanges(),
            figures.applied(run, state),
            announcement == null ? null : announcement.drift(),
            figures.predicted(run, state),
            figures.spent(run, state),
            announcement == null ? null : announcement.error(),
            Instant.now());
    runs.insertEvent(event);
    outbox.append(event, run.trace());
  }
}
