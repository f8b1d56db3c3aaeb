package io.whimbrel.executor.apply;

import java.time.Duration;

/**
 * How far a data migration in batches has come.
 *
 * @param done rows of the table that were gone over, those before an interruption included
 * @param total as counted or estimated at the start; never less than done
 * @param estimated whether the total is an estimate
 * @param batchSize rows of the next batch
 * @param perSecond over the last seconds
 * @param remaining as estimated
 */
public record RowProgress(
    long done,
    long total,
    boolean estimated,
    int batchSize,
    double perSecond,
    Duration remaining) {}
