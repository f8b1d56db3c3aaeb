/** Backups after they were taken: read again on request, and deleted when they are too old. */
@NullMarked
package io.whimbrel.executor.keep;

import org.jspecify.annotations.NullMarked;
