package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptTimeouts;
import io.whimbrel.target.Timeouts;

/**
 * One script on its way onto one target, and everyone concerned.
 *
 * @param callbacks of its catalogue; of them the ones of each script and of each statement concern
 *     it
 */
record Application(
    TargetSession session,
    KnownHistory history,
    Script script,
    ApplySettings settings,
    ApplyListener listener,
    CancelSignal cancel,
    InTransaction hooks,
    Callbacks callbacks) {

  /** A callback of this script, in the same session. */
  Application of(Script callback) {
    return new Application(
        session,
        history,
        callback,
        settings,
        ApplyListener.SILENT,
        cancel,
        InTransaction.NOTHING,
        Callbacks.NONE);
  }

  /** A script that shares the transaction of this one. */
  Application part(Script other, ApplyListener heard, Callbacks inside) {
    return new Application(
        session, history, other, settings, heard, cancel, InTransaction.NOTHING, inside);
  }

  /** The script's own, and otherwise the target's. */
  Timeouts timeouts() {
    Timeouts policy = session.target().policy().timeouts();
    ScriptTimeouts own = script.headers().timeouts();
    return new Timeouts(
        own.lock().orElse(policy.lock()),
        own.lockBudget().orElse(policy.lockBudget()),
        own.statement().orElse(policy.statement()),
        own.idle().orElse(policy.idle()));
  }

  LockRetry lockRetry() {
    Timeouts timeouts = timeouts();
    return new LockRetry(timeouts.lock(), timeouts.lockBudget());
  }
}
