package io.whimbrel.executor.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long pending migrations will take, and whom they will keep waiting.
 *
 * @param scripts in the order of the plan
 * @param blocks how long each existing table is out of reach of others, the longest first
 * @param basis what the figures rest on
 */
public record Forecast(
    Estimate total, List<ScriptForecast> scripts, List<Block> blocks, Basis basis) {

  public Forecast {
    scripts = List.copyOf(scripts);
    blocks = List.copyOf(blocks);
  }

  /** The longest time that anyone would be blocked; null if no one is. */
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
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WorkForecast(
      WorkKind kind, @Nullable TableName table, long rows, long bytes, Estimate duration) {}

  /**
   * How long a lock keeps others away from a table: from the statement that takes it to the end of
   * its transaction.
   *
   * @param mode as in {@code pg_locks}
   * @param first number of the statement that takes the lock
   * @param last number of the last statement that runs while it is held
   */
  public record Block(
      String script,
      TableName table,
      String mode,
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
  public record Basis(Source source, @Nullable Instant measuredAt, int pastRuns, String summary) {}

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
