package io.whimbrel.executor.catalog;

import java.time.Duration;
import java.util.Optional;

/**
 * What a script asks for in place of its target's own timeouts.
 *
 * @param lock how long a statement may wait for a lock
 * @param lockBudget how long the script is tried again after a lock did not come; zero is never
 * @param statement how long a statement may take; zero is no limit
 * @param idle how long a transaction of the script may do nothing
 */
public record ScriptTimeouts(
    Optional<Duration> lock,
    Optional<Duration> lockBudget,
    Optional<Duration> statement,
    Optional<Duration> idle) {}
