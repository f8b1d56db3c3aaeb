package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run was taken back, or why not.
 *
 * @param strategy what was decided: UNDO, RESTORE, NOTHING or STOP
 * @param why the facts that decided
 * @param options when it stopped: what a person can choose from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollbackOutcome(String strategy, String why, @Nullable List<String> options) {}
