package io.whimbrel.executor.impact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of the target, together with its partitions and what inherits from it.
 *
 * @param partitions how many tables hold its rows; 1 for a plain table
 * @param sessions others that hold a lock on it now
 * @param read how fast a part of it was read; null of a small table, or if it could not be read
 * @param unknown what could not be read, with the reason and the remedy
 */
public record TableImpact(
    TableName table,
    int partitions,
    Rows rows,
    Size size,
    List<Index> indexes,
    List<Column> columns,
    Links links,
    Writes writes,
    List<Session> sessions,
    Vacuum vacuum,
    @Nullable ReadSpeed read,
    List<String> unknown) {

  public TableImpact {
    indexes = List.copyOf(indexes);
    columns = List.copyOf(columns);
    sessions = List.copyOf(sessions);
    unknown = List.copyOf(unknown);
  }

  @JsonIgnore
  public Optional<Column> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /**
   * How many rows it has.
   *
   * @param exact whether they were counted; otherwise PostgreSQL's last estimate
   * @param asOf when the estimate was made; null if it was counted now, or if no one knows
   * @param changedSince rows changed since then, as the statistics count them
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rows(
      long count, boolean exact, @Nullable Instant asOf, @Nullable Long changedSince) {}

  /**
   * Bytes on disk.
   *
   * @param measured whether the files were looked at; otherwise PostgreSQL's last estimate
   */
  public record Size(long heap, long toast, long indexes, boolean measured) {

    @JsonIgnore
    public long total() {
      return heap + toast + indexes;
    }
  }

  /**
   * An index; of a partitioned table, all its parts together.
   *
   * @param method {@code btree}, {@code gin} and so on
   */
  public record Index(String name, String method, boolean unique, long bytes, List<String> keys) {
    public Index {
      keys = List.copyOf(keys);
    }
  }

  /**
   * A column.
   *
   * @param type as PostgreSQL writes it
   * @param collated whether its values are compared by the rules of a language
   * @param width average bytes of a value; null without statistics that our role may see
   * @param nullShare from 0 to 1; null without statistics
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Column(
      String name,
      String type,
      boolean collated,
      @Nullable Integer width,
      @Nullable Double nullShare) {}

  /**
   * What a change of a row is carried on to.
   *
   * @param foreignKeys of this table to others
   * @param referencedBy foreign keys of others to this table
   * @param triggers of users, which may do anything
   */
  public record Links(int foreignKeys, int referencedBy, int triggers) {}

  /**
   * How much is written to it.
   *
   * @param perSecond rows inserted, updated or deleted in a second while it was looked at; sessions
   *     report what they did about once a second, so a short look sees it in lumps
   * @param sampledMs how long it was looked at
   * @param perSecondSinceReset on average since the statistics were reset; null if no one knows
   *     when that was
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Writes(double perSecond, long sampledMs, @Nullable Double perSecondSinceReset) {}

  /**
   * How tidy it is.
   *
   * @param last when it was last vacuumed, by hand or by autovacuum
   * @param running the process that vacuums it now
   * @param preventsWraparound whether its age makes autovacuum insist: such a vacuum does not make
   *     way for a migration
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Vacuum(
      long deadRows,
      @Nullable Instant last,
      @Nullable Integer running,
      boolean preventsWraparound) {}

  /** How long it took to read so many rows and bytes of it from one end of a piece to the other. */
  public record ReadSpeed(long rows, long bytes, long nanos) {
    double nanosPerByte() {
      return (double) nanos / Math.max(1, bytes);
    }
  }
}
