package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.target.Policy;
import java.time.Duration;

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

  Application with(InTransaction others) {
    return new Application(session, history, script, settings, listener, cancel, others);
  }

  Policy policy() {
    return session.target().policy();
  }

  Duration lockTimeout() {
    return script.headers().lockTimeout().orElse(policy().lockTimeout());
  }

  LockRetry lockRetry() {
    return new LockRetry(lockTimeout(), settings.lockBudget());
  }
}
