package io.whimbrel.validation.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.validation.rule.Look;
import io.whimbrel.validation.rule.Reading;
import io.whimbrel.validation.rule.Table;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far a validation is; told by those who read, asked by those who wait. */
public final class Progress {

  /**
   * How far it was at a moment.
   *
   * @param rules that look
   * @param rulesDone those that have their result
   * @param rows of all tables that are read, each as often as it is read, as PostgreSQL estimates
   * @param rowsDone those of readings that have ended
   * @param paused why nothing is read at the moment, if nothing is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record State(int rules, int rulesDone, long rows, long rowsDone, @Nullable String paused) {
    static final State NOTHING = new State(0, 0, 0, 0, null);
  }

  private final IdentityHashMap<Look, Set<Look>> openOfRule = new IdentityHashMap<>();
  private State state = State.NOTHING;

  /** How far it is now. */
  public synchronized State state() {
    return state;
  }

  /**
   * What there is to do: the looks of each rule.
   *
   * @param others rules that no reading belongs to
   */
  synchronized void planned(List<List<Look>> rules, int others, Collection<Reading> readings) {
    int done = 0;
    for (List<Look> looks : rules) {
      Set<Look> open = Collections.newSetFromMap(new IdentityHashMap<>());
      open.addAll(looks);
      looks.forEach(look -> openOfRule.put(look, open));
      done += looks.isEmpty() ? 1 : 0;
    }
    long rows = readings.stream().mapToLong(Progress::rows).sum();
    state = new State(rules.size() + others, done, rows, 0, null);
  }

  synchronized void done(Reading reading) {
    int done = state.rulesDone();
    for (Look look : reading.looks()) {
      Set<Look> open = openOfRule.get(look);
      if (open != null && open.remove(look) && open.isEmpty()) {
        done++;
      }
    }
    state =
        new State(
            state.rules(), done, state.rows(), state.rowsDone() + rows(reading), state.paused());
  }

  /** A rule that no reading belongs to has its result. */
  synchronized void ruleDone() {
    state =
        new State(
            state.rules(), state.rulesDone() + 1, state.rows(), state.rowsDone(), state.paused());
  }

  synchronized void paused(@Nullable String why) {
    state = new State(state.rules(), state.rulesDone(), state.rows(), state.rowsDone(), why);
  }

  private static long rows(Reading reading) {
    Table table = reading.table();
    return table == null ? 0 : Math.max(0, table.rows());
  }
}
