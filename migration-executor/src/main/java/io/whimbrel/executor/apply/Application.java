package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptTimeouts;
import io.whimbrel.target.Timeouts;

/** One script on its way onto one target, and everyone concerned. */
record Application(
    TargetSession session,
    KnownHistory history,
    Script script,
    ApplySettings settings,
    ApplyListener listener,
    CancelSignal cancel,
    InTransaction hooks) {

  /** A callback of this script, in the same session. */
  Application of(Script callback) {
    return new Application(
        session, history, callback, settings, ApplyListener.SILENT, cancel, InTransaction.NOTHING);
  }

  /** A script that shares the transaction of this one. */
  Application part(Script other, ApplyListener heard) {
    return new Application(session, history, other, settings, heard, cancel, InTransaction.NOTHING);
  }

  Application with(InTransaction others) {
    return new Application(session, history, script, settings, listener, cancel, others);
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
