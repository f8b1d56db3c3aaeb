package io.whimbrel.executor.rehearsal;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.ColumnUses;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tables a set of scripts touches, and what each statement does.
 *
 * @param touched tables that exist and that the scripts write to or change, by their present names
 * @param created tables that exist only afterwards, under a new name or altogether
 * @param measured whether this was found out; otherwise every table counts as touched
 * @param summary how it was found, or why it was not, in a sentence
 * @param scripts what was seen of each, in the order in which they ran; of all up to the failure,
 *     if there was one
 * @param failure why not all of it was rehearsed; null if it was, or nothing was
 * @param uses of the columns that the scripts drop or rename; null if that was not looked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RehearsalReport(
    List<TableName> touched,
    List<TableName> created,
    boolean measured,
    String summary,
    List<ScriptFacts> scripts,
    @Nullable Failure failure,
    @Nullable ColumnUses uses) {

  /**
   * A statement that failed in the rehearsal.
   *
   * @param sqlState empty if PostgreSQL did not say one
   */
  public record Failure(String script, int statement, int line, String sqlState) {}

  public RehearsalReport {
    touched = List.copyOf(touched);
    created = List.copyOf(created);
    // Reports that were stored before there were facts have none.
    scripts = scripts == null ? List.of() : List.copyOf(scripts);
  }

  /** Without a look at what programs use. */
  public RehearsalReport(
      List<TableName> touched,
      List<TableName> created,
      boolean measured,
      String summary,
      List<ScriptFacts> scripts,
      @Nullable Failure failure) {
    this(touched, created, measured, summary, scripts, failure, null);
  }

  /** Without facts. */
  public RehearsalReport(
      List<TableName> touched, List<TableName> created, boolean measured, String summary) {
    this(touched, created, measured, summary, List.of(), null);
  }

  /** For a run that neither validates nor backs up. */
  public static RehearsalReport notAskedFor() {
    return new RehearsalReport(
        List.of(),
        List.of(),
        false,
        "not rehearsed, as neither validation nor backup asked for it");
  }
}
