package io.whimbrel.executor.plan.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.RehearsalReport.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the scripts did in a scratch database; the facts of the statements stand with the scripts.
 *
 * @param possible whether all of them ran there and what they touch was found out
 * @param summary how, or why not, in a sentence
 * @param failure the statement that failed; null if none did
 * @param touched tables that are there and that the scripts write to or change; every table if that
 *     is not known
 * @param created tables that are there only afterwards
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rehearsed(
    boolean possible,
    String summary,
    @Nullable Failure failure,
    List<TableName> touched,
    List<TableName> created) {

  public Rehearsed {
    touched = List.copyOf(touched);
    created = List.copyOf(created);
  }

  public static Rehearsed of(RehearsalReport report) {
    return new Rehearsed(
        report.measured(), report.summary(), report.failure(), report.touched(), report.created());
  }
}
