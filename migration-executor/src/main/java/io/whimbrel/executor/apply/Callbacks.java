package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The scripts that a catalogue wants run at certain moments of every run. Those of a script share
 * its transaction and its fate; each of the others is there as a whole or not at all. A run that is
 * taken up again after a crash runs the ones of its beginning once more.
 *
 * @param at by moment, in their order
 */
public record Callbacks(Map<Moment, List<Script>> at) {

  public static final Callbacks NONE = new Callbacks(Map.of());

  /**
   * Makes sure that all of them can run.
   *
   * @throws Refusal naming one that PostgreSQL would refuse in a transaction
   */
  public Callbacks {
    at = Map.copyOf(at);
    for (List<Script> scripts : at.values()) {
      for (Script script : scripts) {
        if (!script.transactional()) {
          throw new Refusal(
              script.migration().script()
                  + ": a callback has to run in a transaction; leave out executeInTransaction=false"
                  + " and the statements that need it");
        }
      }
    }
  }

  public List<Script> at(Moment moment) {
    return at.getOrDefault(moment, List.of());
  }

  /** All that a run of these scripts comes to if it succeeds, in order; for a rehearsal. */
  public List<Script> around(List<Script> scripts) {
    return around(
        scripts,
        script ->
            Stream.of(
                    at(Moment.BEFORE_EACH_MIGRATE),
                    at(Moment.BEFORE_EACH_MIGRATE_STATEMENT),
                    List.of(script),
                    at(Moment.AFTER_EACH_MIGRATE_STATEMENT),
                    at(Moment.AFTER_EACH_MIGRATE))
                .flatMap(List::stream)
                .toList());
  }

  /** As {@link #around}, without the callbacks that share the transaction of a script. */
  List<Script> between(List<Script> scripts) {
    return around(scripts, List::of);
  }

  private List<Script> around(List<Script> scripts, Function<Script, List<Script>> each) {
    List<Script> all = new ArrayList<>();
    Stream.of(
            Moment.AFTER_CONNECT,
            Moment.BEFORE_VALIDATE,
            Moment.AFTER_VALIDATE,
            Moment.CREATE_SCHEMA,
            Moment.BEFORE_CREATE_SCHEMA,
            Moment.BEFORE_MIGRATE)
        .forEach(moment -> all.addAll(at(moment)));
    boolean repeatables = false;
    for (Script script : scripts) {
      if (script.migration().kind() == Migration.Kind.REPEATABLE && !repeatables) {
        repeatables = true;
        all.addAll(at(Moment.AFTER_VERSIONED));
        all.addAll(at(Moment.BEFORE_REPEATABLES));
      }
      all.addAll(each.apply(script));
    }
    if (!repeatables) {
      all.addAll(at(Moment.AFTER_VERSIONED));
    }
    if (!scripts.isEmpty()) {
      all.addAll(at(Moment.AFTER_MIGRATE_APPLIED));
    }
    all.addAll(at(Moment.AFTER_MIGRATE));
    all.addAll(at(Moment.AFTER_MIGRATE_OPERATION_FINISH));
    return all;
  }
}
