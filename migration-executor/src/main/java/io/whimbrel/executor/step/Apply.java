package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/**
 * Applies the migrations of a run, one after the other. If it stops half way, what was committed
 * stays, the schema history of the target says how far that was, and the next attempt goes on from
 * there.
 */
@ApplicationScoped
class Apply implements RunStep {
  private final RunRepository runs;
  private final RunLifecycle lifecycle;
  private final Applying applying;
  private final Handover handover;
  private final CancelledHandover cancelled;
  private final WishWatch wishes;

  Apply(
      RunRepository runs,
      RunLifecycle lifecycle,
      Applying applying,
      Handover handover,
      CancelledHandover cancelled,
      WishWatch wishes) {
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.applying = applying;
    this.handover = handover;
    this.cancelled = cancelled;
    this.wishes = wishes;
  }

  @Override
  public Step step() {
    return Step.APPLY;
  }

  @Override
  public void run(UUID id) throws Exception {
    handover.endIfStillPaused(id);
    Claim claim = lifecycle.claim(id, step(), RunStateName.APPLYING);
    Run run = runs.find(id).orElseThrow();
    Optional<RunError> error;
    try (WishWatch.Watched watched = wishes.watch(claim, run)) {
      error = applying.apply(claim, run, watched);
      if (error.isEmpty()) {
        watched.ends();
      }
    } catch (RunCancelled e) {
      cancelled.end(claim);
      return;
    } catch (StepPaused e) {
      handover.paused(claim);
      throw e;
    } catch (Refusal e) {
      error = Optional.of(RunError.of(e.getMessage()));
    }
    if (error.isPresent()) {
      handover.failed(claim, step(), new RunState.Applying().failed(), error.get());
    } else {
      handover.applied(claim, run);
    }
  }
}
