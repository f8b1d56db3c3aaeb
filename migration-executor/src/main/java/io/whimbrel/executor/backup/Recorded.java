package io.whimbrel.executor.backup;

/**
 * What the tables held around one transaction of the run.
 *
 * @param before when it began, under {@link ContentFingerprint#excludeWriters}
 * @param after when it was about to commit
 */
public record Recorded(ContentState before, ContentState after) {}
