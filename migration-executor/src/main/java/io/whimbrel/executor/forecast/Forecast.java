package io.whimbrel.executor.forecast;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long pending migrations will take, and whom they will keep waiting.
 *
 * @param scripts in the order of the plan
 * @param blocks how long each existing table is out of reach of others, the longest first
 * @param basis what the figures rest on
 */
@JsonIgnoreProperties(value = "longestBlock", allowGetters = true)
public record Forecast(
    Estimate total, List<ScriptForecast> scripts, List<Block> blocks, Basis basis) {

  public Forecast {
    scripts = List.copyOf(scripts);
    blocks = List.copyOf(blocks);
  }

  /**
   * Predicts; asks nothing and no one.
   *
   * @param scripts in the order of the plan, as rehearsed
   */
  public static Forecast of(
      List<ScriptFacts> scripts, TargetImpact impact, Calibration calibration) {
    List<ScriptForecast> forecasts = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    Estimate total = Estimate.NONE;
    for (ScriptFacts script : scripts) {
      List<StatementForecast> statements = new ArrayList<>();
      for (StatementFacts statement : script.statements()) {
        statements.add(statement(script.script(), statement, impact, calibration));
      }
      Estimate duration =
          statements.stream()
              .map(StatementForecast::duration)
              .reduce(commit(calibration), Estimate::plus);
      forecasts.add(new ScriptForecast(script.script(), duration, statements));
      blocks.addAll(Blocks.of(script, statements));
      total = total.plus(duration);
    }
    blocks.sort(
        Comparator.comparingDouble((Block block) -> block.duration().medianMs())
            .reversed()
            .thenComparing(Block::table));
    return new Forecast(total, forecasts, blocks, Basis.of(calibration));
  }

  private static StatementForecast statement(
      String script, StatementFacts facts, TargetImpact impact, Calibration calibration) {
    StatementWork.Found found = StatementWork.of(impact, calibration, script, facts);
    List<WorkForecast> work = new ArrayList<>();
    Estimate sum = Estimate.NONE;
    for (Work each : found.work()) {
      Estimate duration = Spread.of(each, calibration);
      work.add(
          new WorkForecast(
              each.kind(), each.table(), each.rows(), each.bytes(), duration, each.nanos() / 1e6));
      sum = sum.plus(duration);
    }
    return new StatementForecast(facts.number(), facts.line(), sum, work, found.unknown());
  }

  private static Estimate commit(Calibration calibration) {
    double ms = calibration.nanos(Speed.COMMIT) / 1e6;
    return new Estimate(ms, ms / 4, ms * 4);
  }

  /** The longest time that anyone would be blocked; null if no one is. */
  @JsonProperty
  public @Nullable Block longestBlock() {
    return blocks.isEmpty() ? null : blocks.get(0);
  }

  /** One script. */
  public record ScriptForecast(
      String script, Estimate duration, List<StatementForecast> statements) {
    public ScriptForecast {
      statements = List.copyOf(statements);
    }
  }

  /**
   * One statement.
   *
   * @param number in the script, from 1
   * @param line in the script, from 1
   * @param work what takes the time, of which there may be several things
   * @param unknown why the duration says little; null if it is as good as others
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StatementForecast(
      int number, int line, Estimate duration, List<WorkForecast> work, @Nullable String unknown) {
    public StatementForecast {
      work = List.copyOf(work);
    }
  }

  /**
   * One thing that a statement makes PostgreSQL do.
   *
   * @param table null if no table is in question
   * @param calibratedMs the median before past runs corrected it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WorkForecast(
      WorkKind kind,
      @Nullable TableName table,
      long rows,
      long bytes,
      Estimate duration,
      double calibratedMs) {}

  /**
   * How long a lock keeps others away from a table: from the statement that takes it to the end of
   * its transaction.
   *
   * @param first number of the statement that takes the lock
   * @param last number of the last statement that runs while it is held
   */
  public record Block(
      String script,
      TableName table,
      LockMode mode,
      Blocked blocked,
      int first,
      int last,
      Estimate duration) {}

  /** Who waits. */
  public enum Blocked {
    READS_AND_WRITES,
    WRITES
  }

  /**
   * What a forecast rests on.
   *
   * @param source where the speeds come from
   * @param measuredAt when they were measured; null for defaults
   * @param pastRuns how many past migrations of this target have corrected them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Basis(Source source, @Nullable Instant measuredAt, int pastRuns, String summary) {

    static Basis of(Calibration calibration) {
      String speeds =
          switch (calibration.source()) {
            case SCRATCH_DATABASE -> "speeds measured in a scratch database on the target's server";
            case TEMPORARY_TABLE ->
                "speeds measured with temporary tables, which are faster than others";
            case DEFAULTS -> "usual speeds, as none could be measured on this target";
          };
      int runs = calibration.pastRuns();
      return new Basis(
          calibration.source(),
          calibration.measuredAt(),
          runs,
          runs == 0 ? speeds : speeds + ", corrected by %d past migrations".formatted(runs));
    }
  }

  /** Where speeds come from, the best first. */
  public enum Source {
    /** Measured in a scratch database of the target's server. */
    SCRATCH_DATABASE,
    /** Measured with temporary tables, which are written without a log and are therefore faster. */
    TEMPORARY_TABLE,
    /** Measured elsewhere, on hardware that may be quite another. */
    DEFAULTS
  }
}
