package io.whimbrel.executor.rehearsal;

import io.whimbrel.event.TableName;
import java.util.List;

/**
 * Which tables a set of scripts touches.
 *
 * @param touched tables that exist and that the scripts write to or change, by their present names
 * @param created tables that exist only afterwards, under a new name or altogether
 * @param measured whether this was found out; otherwise every table counts as touched
 * @param summary how it was found, or why it was not, in a sentence
 */
public record RehearsalReport(
    List<TableName> touched, List<TableName> created, boolean measured, String summary) {

  public RehearsalReport {
    touched = List.copyOf(touched);
    created = List.copyOf(created);
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
