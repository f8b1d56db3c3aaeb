package io.whimbrel.validation.report;

import io.whimbrel.event.Phase;
import io.whimbrel.event.TableName;
import java.util.List;
import java.util.UUID;

/**
 * What is to be validated.
 *
 * @param id of the validation and of its report
 * @param touched the tables the run touches
 */
public record Subject(UUID id, UUID runId, Phase phase, String target, List<TableName> touched) {
  public Subject {
    touched = List.copyOf(touched);
  }
}
