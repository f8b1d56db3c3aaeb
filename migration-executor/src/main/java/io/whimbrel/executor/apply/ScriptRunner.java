package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * Applies scripts on a target, in the way that each of them needs: in one transaction, in batches,
 * or statement by statement. Undo scripts are scripts like any other.
 */
public final class ScriptRunner {

  private final TargetSession session;
  private final KnownHistory history;
  private final ApplySettings settings;
  private final ApplyListener listener;
  private final CancelSignal cancel;
  private final Callbacks callbacks;

  public ScriptRunner(
      TargetSession session, ApplySettings settings, ApplyListener listener, CancelSignal cancel) {
    this(session, settings, listener, cancel, Callbacks.NONE);
  }

  /**
   * A runner for a catalogue with callbacks.
   *
   * @param callbacks those of a script run in its transaction; the others are the caller's to time
   */
  public ScriptRunner(
      TargetSession session,
      ApplySettings settings,
      ApplyListener listener,
      CancelSignal cancel,
      Callbacks callbacks) {
    this.callbacks = callbacks;
    this.session = session;
    this.history = session.history();
    this.settings = settings;
    this.listener = listener;
    this.cancel = cancel;
  }

  /**
   * Looks at a script as far as that needs no database, for plans.
   *
   * @throws Refusal if {@link #apply} would refuse it
   */
  public static void check(Script script) {
    if (script.headers().batch().isPresent()) {
      RangedStatement.of(script);
    } else if (!script.transactional()) {
      StepwiseScript.check(script);
    }
  }

  /**
   * Makes the schema history if it is missing, and adopts the target if it is to be; in a
   * transaction of its own.
   *
   * @throws Refusal if the target has tables and no history and is not to be adopted, or the role
   *     may not make the table
   */
  public void prepareHistory() throws TargetLost, StaleFence {
    try {
      session.begin();
      history.table().create(session.connection());
      session.commit(CrashPoint.HISTORY_TABLE);
      history.forget();
    } catch (SQLException e) {
      if (SqlStates.lost(e)) {
        throw new TargetLost(e);
      }
      throw new Refusal(
          "The schema history of target "
              + session.target().name()
              + " cannot be made ("
              + Failures.message(e)
              + "); give its role the rights that Flyway's would need");
    } finally {
      session.rollback();
    }
  }

  /**
   * Makes repairs of the schema history, all of them or none; those made before stay made.
   *
   * @throws Refusal if a row is no longer what it was when its repair was decided
   */
  public void repairHistory(List<HistoryRepair> repairs) throws TargetLost, StaleFence {
    if (repairs.isEmpty()) {
      return;
    }
    try {
      session.begin();
      HistoryRepairs making = new HistoryRepairs(history.table());
      for (HistoryRepair repair : repairs) {
        making.make(session.connection(), repair);
      }
      session.commit(CrashPoint.HISTORY_REPAIR);
      history.forget();
    } catch (SQLException e) {
      if (SqlStates.lost(e)) {
        throw new TargetLost(e);
      }
      throw new Refusal(
          "The schema history of target "
              + session.target().name()
              + " cannot be repaired: "
              + Failures.message(e));
    } finally {
      session.rollback();
    }
  }

  /**
   * Applies one script and adds its history row. What is left if it stops half way, by whatever
   * cause: of a transactional script nothing; of the others what is told by their checkpoint in the
   * target, from which the same call goes on.
   *
   * <p>After a cancel the session is closed, as the request may reach the server late and would hit
   * whatever runs in it by then.
   *
   * @param hooks what else belongs into its transaction
   * @return how it ended; expected failures are results
   * @throws Refusal before anything runs, if the script cannot be run as it is written
   * @throws TargetLost if the connection broke; the outcome of the last transaction is unknown
   *     until the history has been read in a new session
   * @throws StaleFence if another session has claimed the target; nothing more was committed
   */
  public ApplyResult apply(Script script, InTransaction hooks) throws TargetLost, StaleFence {
    check(script);
    if (cancel.isCancelled()) {
      return new ApplyResult.Cancelled();
    }
    ApplyResult result = run(application(script, hooks, inside(script)));
    reset();
    return result instanceof ApplyResult.Failed failed
        ? afterError(failed, List.of(script))
        : result;
  }

  /**
   * Looks at scripts as far as that needs no database, for plans of one transaction.
   *
   * @throws Refusal naming one that {@link #applyTogether} cannot take
   */
  public static void checkTogether(List<Script> scripts) {
    ScriptsTogether.check(scripts);
  }

  /**
   * Applies scripts, and all callbacks of a run, in one transaction. Nothing is left if it stops
   * half way; what became of a COMMIT without an answer is told by the history rows, by the same
   * call in a new session.
   *
   * @param scripts at least one
   * @param listeners for each script, told of its statements; the runner's own hears the rest
   * @param hooks for the transaction
   * @return one result for all; expected failures are results
   * @throws Refusal before anything runs, if one of them cannot share a transaction
   * @throws TargetLost as in {@link #apply}
   * @throws StaleFence as in {@link #apply}
   */
  public AppliedTogether applyTogether(
      List<Script> scripts, Function<Script, ApplyListener> listeners, InTransaction hooks)
      throws TargetLost, StaleFence {
    checkTogether(scripts);
    if (cancel.isCancelled()) {
      return new AppliedTogether(new ApplyResult.Cancelled(), List.of());
    }
    Application whole = application(scripts.get(0), hooks, Callbacks.NONE);
    AppliedTogether result =
        new ScriptsTogether(
                whole,
                callbacks.between(scripts).stream()
                    .map(
                        script ->
                            script.migration().kind() == Migration.Kind.CALLBACK
                                ? whole.of(script)
                                : whole.part(script, listeners.apply(script), callbacks))
                    .toList())
            .apply();
    if (result.whole() instanceof ApplyResult.Cancelled) {
      return result;
    }
    reset();
    return result.whole() instanceof ApplyResult.Failed failed
        ? new AppliedTogether(afterError(failed, scripts), List.of())
        : result;
  }

  /**
   * Runs the callbacks of a moment that is not inside a script, each in a transaction of its own.
   *
   * @return how the last of them ended, which is the first that failed; cancelled without running
   *     any if a script was
   */
  public ApplyResult callbacks(Moment moment) throws TargetLost, StaleFence {
    ApplyResult result = new ApplyResult.AlreadyApplied();
    for (Script callback : callbacks.at(moment)) {
      if (cancel.isCancelled()) {
        return new ApplyResult.Cancelled();
      }
      result =
          new CallbackScript(
                  application(callback, InTransaction.NOTHING, Callbacks.NONE).of(callback))
              .apply();
      reset();
      if (!(result instanceof ApplyResult.Applied)) {
        return result;
      }
    }
    return result;
  }

  /** Whether {@link #callbacks} has any to run. */
  public boolean hasCallbacks(Moment moment) {
    return !callbacks.at(moment).isEmpty();
  }

  private Application application(Script script, InTransaction hooks, Callbacks inside) {
    return new Application(session, history, script, settings, listener, cancel, hooks, inside);
  }

  private Callbacks inside(Script script) {
    return script.migration().kind() == Migration.Kind.UNDO ? Callbacks.NONE : callbacks;
  }

  private ApplyResult.Failed afterError(ApplyResult.Failed failed, List<Script> scripts)
      throws TargetLost, StaleFence {
    ApplyFailure failure = failed.failure();
    boolean ofStatement =
        failure.statement() > 0
            && scripts.stream()
                .anyMatch(script -> script.migration().script().equals(failure.script()));
    ApplyResult.Failed told =
        ofStatement ? told(failed, callbacks(Moment.AFTER_EACH_MIGRATE_STATEMENT_ERROR)) : failed;
    return told(told, callbacks(Moment.AFTER_EACH_MIGRATE_ERROR));
  }

  private static ApplyResult.Failed told(ApplyResult.Failed failed, ApplyResult callback) {
    if (!(callback instanceof ApplyResult.Failed another)) {
      return failed;
    }
    ApplyFailure first = failed.failure();
    return new ApplyResult.Failed(
        new ApplyFailure(
            first.sqlState(),
            first.message()
                + "; after that "
                + another.failure().script()
                + " failed: "
                + another.failure().message(),
            first.script(),
            first.statement(),
            first.line(),
            first.blockers()));
  }

  private void reset() throws TargetLost, StaleFence {
    if (cancel.isCancelled()) {
      session.close();
      return;
    }
    try {
      session.reset();
    } catch (SQLException e) {
      throw new TargetLost(e);
    }
  }

  private static ApplyResult run(Application application) throws TargetLost, StaleFence {
    if (application.script().headers().batch().isPresent()) {
      return new BatchedScript(application).apply();
    }
    return application.script().transactional()
        ? new TransactionalScript(application).apply()
        : new StepwiseScript(application).apply();
  }
}
