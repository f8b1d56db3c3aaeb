package io.whimbrel.monitoring.health;

/**
 * What the database tells of the time looked back on.
 *
 * @param ended runs that ended
 * @param failed of these, those that failed or had to be rolled back
 * @param waiting runs that have waited for a validation for too long
 */
record RecentPast(
    long ended,
    long failed,
    long rolledBack,
    long rollbacksFailed,
    long validations,
    long validationsFailed,
    long waiting) {}
