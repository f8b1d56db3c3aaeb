/** Reads from PostgreSQL what each statement of a rehearsal has done. */
@NullMarked
package io.whimbrel.executor.rehearsal.observe;

import org.jspecify.annotations.NullMarked;
