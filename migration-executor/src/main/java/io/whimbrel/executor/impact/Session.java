package io.whimbrel.executor.impact;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A session of someone else on the target.
 *
 * @param application empty if the session has not said
 * @param state as in {@code pg_stat_activity}; null if our role may not see it
 * @param transactionMs how long its transaction has been open; null if our role may not see it
 * @param lock the strongest mode in which it holds the table in question, as in {@code pg_locks};
 *     null where no table is in question
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Session(
    int pid,
    String application,
    @Nullable String state,
    @Nullable Long transactionMs,
    @Nullable String lock) {}
