/**
 * Backups of what a run touches: written from one snapshot, read back before they count, and
 * restored in one transaction.
 */
@NullMarked
package io.whimbrel.executor.backup;

import org.jspecify.annotations.NullMarked;
