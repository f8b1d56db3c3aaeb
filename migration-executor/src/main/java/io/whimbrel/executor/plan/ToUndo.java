package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.catalog.Migration;
import java.util.Optional;

/**
 * A migration to be taken back.
 *
 * @param undo the script that does it; empty if there is none, as for every repeatable migration,
 *     and only a restore takes it back
 */
public record ToUndo(AppliedMigration applied, Optional<Migration> undo) {}
