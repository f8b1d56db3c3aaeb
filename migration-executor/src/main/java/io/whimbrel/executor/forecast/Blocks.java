package io.whimbrel.executor.forecast;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.forecast.Forecast.Block;
import io.whimbrel.executor.forecast.Forecast.Blocked;
import io.whimbrel.executor.forecast.Forecast.StatementForecast;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long locks keep others out: each from the statement that takes it to the end of its
 * transaction, which for a statement on its own is its own end.
 */
final class Blocks {
  private Blocks() {}

  static List<Block> of(ScriptFacts script, List<StatementForecast> forecasts) {
    List<Block> blocks = new ArrayList<>();
    Map<TableName, LockMode> held = new HashMap<>();
    for (int i = 0; i < script.statements().size(); i++) {
      StatementFacts statement = script.statements().get(i);
      boolean alone = !script.transactional() || !statement.inTransaction();
      for (Map.Entry<TableName, LockMode> taken : strongest(statement).entrySet()) {
        LockMode before = alone ? null : held.get(taken.getKey());
        if (before == null || adds(taken.getValue(), before)) {
          int last = alone ? i : forecasts.size() - 1;
          blocks.add(block(script, taken, forecasts, i, last));
          held.put(taken.getKey(), taken.getValue());
        }
      }
    }
    return blocks;
  }

  /** Whether the later lock keeps someone out whom the earlier one let in. */
  private static boolean adds(LockMode later, LockMode earlier) {
    return later.blocksReaders() && !earlier.blocksReaders();
  }

  private static Map<TableName, LockMode> strongest(StatementFacts statement) {
    Map<TableName, LockMode> modes = new HashMap<>();
    for (LockTaken lock : statement.locks()) {
      if (lock.mode().blocksWriters()) {
        modes.merge(lock.table(), lock.mode(), (a, b) -> a.compareTo(b) >= 0 ? a : b);
      }
    }
    return modes;
  }

  private static Block block(
      ScriptFacts script,
      Map.Entry<TableName, LockMode> taken,
      List<StatementForecast> forecasts,
      int first,
      int last) {
    Estimate sum = Estimate.NONE;
    for (int i = first; i <= last && i < forecasts.size(); i++) {
      sum = sum.plus(forecasts.get(i).duration());
    }
    return new Block(
        script.script(),
        taken.getKey(),
        taken.getValue(),
        taken.getValue().blocksReaders() ? Blocked.READS_AND_WRITES : Blocked.WRITES,
        script.statements().get(first).number(),
        script.statements().get(last).number(),
        sum);
  }
}
