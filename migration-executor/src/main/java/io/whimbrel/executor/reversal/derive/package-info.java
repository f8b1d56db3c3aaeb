/** Inverses of migrations, derived from what was there before and after them. */
@NullMarked
package io.whimbrel.executor.reversal.derive;

import org.jspecify.annotations.NullMarked;
