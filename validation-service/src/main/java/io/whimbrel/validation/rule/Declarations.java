package io.whimbrel.validation.rule;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.whimbrel.event.Severity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the owners of a target have declared about its data, rule by rule, in the files {@code
 * rules/*.yaml} beside its migrations. Tables are named {@code schema.table}, or {@code table} in
 * the target's default schema; columns as the catalogue spells them.
 */
public record Declarations(
    @JsonProperty("referential_integrity") List<Reference> references,
    @JsonProperty("orphaned_records") List<Belonging> belongings,
    @JsonProperty("duplicate_data") List<NaturalKey> naturalKeys,
    @JsonProperty("data_range_validation") List<Range> ranges,
    @JsonProperty("data_type_validation") List<TypedText> types,
    @JsonProperty("data_consistency") List<Assertion> assertions,
    @JsonProperty("business_constraints") List<Assertion> constraints,
    @JsonProperty("data_retention") List<Retention> retentions,
    @JsonProperty("audit_trail") List<AuditTrail> audits,
    @JsonProperty("table_size") List<SizeLimit> sizes,
    @JsonProperty("connection_pool") List<ConnectionLimits> connections,
    @JsonProperty("query_performance") List<Slowness> slowness) {

  public static final Declarations NONE =
      new Declarations(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), List.of(), List.of(), List.of());

  public Declarations {
    references = orEmpty(references);
    belongings = orEmpty(belongings);
    naturalKeys = orEmpty(naturalKeys);
    ranges = orEmpty(ranges);
    types = orEmpty(types);
    assertions = orEmpty(assertions);
    constraints = orEmpty(constraints);
    retentions = orEmpty(retentions);
    audits = orEmpty(audits);
    sizes = orEmpty(sizes);
    connections = orEmpty(connections);
    slowness = orEmpty(slowness);
  }

  /** The declarations of both. */
  public Declarations and(Declarations other) {
    return new Declarations(
        both(references, other.references),
        both(belongings, other.belongings),
        both(naturalKeys, other.naturalKeys),
        both(ranges, other.ranges),
        both(types, other.types),
        both(assertions, other.assertions),
        both(constraints, other.constraints),
        both(retentions, other.retentions),
        both(audits, other.audits),
        both(sizes, other.sizes),
        both(connections, other.connections),
        both(slowness, other.slowness));
  }

  /** Columns that refer to columns of another table, without a foreign key that says so. */
  public record Reference(
      String table,
      List<String> columns,
      String parent,
      List<String> parentColumns,
      @Nullable Severity severity) {}

  /**
   * Rows that somebody must refer to, or rows that refer to one of several tables.
   *
   * @param key the column that others refer to
   * @param referredToBy table and column of each that may
   * @param typeColumn says to which of the parents a row refers
   * @param idColumn says to which of its rows
   * @param parents by value of the type column
   */
  public record Belonging(
      String table,
      @Nullable String key,
      @Nullable List<End> referredToBy,
      @Nullable String typeColumn,
      @Nullable String idColumn,
      @Nullable Map<String, End> parents,
      @Nullable Severity severity) {}

  /** A column of a table, at one end of a reference. */
  public record End(String table, String column) {}

  /** Columns that tell rows apart for people. */
  public record NaturalKey(
      String table,
      List<String> columns,
      boolean ignoreCase,
      boolean ignoreSpaces,
      @Nullable Severity severity) {}

  /** The least and the greatest value that a column may hold. */
  public record Range(
      String table,
      String column,
      @Nullable String min,
      @Nullable String max,
      @Nullable Severity severity) {}

  /** A column of text whose values are of another type. */
  public record TypedText(String table, String column, String type, @Nullable Severity severity) {}

  /**
   * SQL that returns the wrong rows, or one boolean.
   *
   * @param key columns of its result that may be shown
   * @param tables those it reads; it is asked when one of them is looked at, or always if there are
   *     none
   * @param timeout as PostgreSQL writes it, e.g. {@code 30s}
   * @param sameAs {@code before} if what it returns must be what it returned in that phase,
   *     whatever it is
   */
  public record Assertion(
      String id,
      @Nullable String description,
      String sql,
      @Nullable List<String> key,
      @Nullable List<String> tables,
      @Nullable List<String> phases,
      @Nullable String timeout,
      @Nullable String sameAs,
      @Nullable Severity severity) {}

  /**
   * How long rows are kept.
   *
   * @param keep an interval of PostgreSQL; older rows are wrong
   * @param every an interval of PostgreSQL; a longer time without a row is wrong
   */
  public record Retention(
      String table,
      String column,
      @Nullable String keep,
      @Nullable String every,
      @Nullable Severity severity) {}

  /**
   * A table whose changes are recorded in another.
   *
   * @param changedAt time of a row's last change
   * @param recordedAt time of a record
   * @param sequence number of a record, without gaps
   */
  public record AuditTrail(
      String table,
      List<String> key,
      String changedAt,
      String audit,
      List<String> auditKey,
      String recordedAt,
      @Nullable String sequence,
      @Nullable Severity severity) {}

  /** The most bytes, as {@code 10GB}, that a table may take with its indexes. */
  public record SizeLimit(String table, String max, @Nullable Severity severity) {}

  /** How long sessions may stand still, as intervals of PostgreSQL. */
  public record ConnectionLimits(
      @Nullable String idleInTransaction, @Nullable String waiting, @Nullable String transaction) {}

  /**
   * When a statement has become slower.
   *
   * @param factor by which it must have
   * @param calls that it must have had before and since
   */
  public record Slowness(@Nullable Double factor, @Nullable Long calls) {}

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  private static <T> List<T> both(List<T> one, List<T> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}
