package io.whimbrel.validation.report;

import io.whimbrel.event.Phase;
import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.TableName;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be validated.
 *
 * @param id of the validation and of its report
 * @param runId null when no run asks
 * @param touched the tables the run touches, or those asked for
 * @param planned what the run is about to ask of the rows that are there
 */
public record Subject(
    UUID id,
    @Nullable UUID runId,
    Phase phase,
    String target,
    List<TableName> touched,
    List<PlannedChange> planned,
    Wish wish) {

  public Subject {
    touched = List.copyOf(touched);
    planned = List.copyOf(planned);
  }

  /** As somebody asks who plans nothing. */
  public Subject(
      UUID id,
      @Nullable UUID runId,
      Phase phase,
      String target,
      List<TableName> touched,
      Wish wish) {
    this(id, runId, phase, target, touched, List.of(), wish);
  }

  /** As a run asks. */
  public Subject(UUID id, UUID runId, Phase phase, String target, List<TableName> touched) {
    this(id, runId, phase, target, touched, Wish.OF_RUN);
  }
}
