/** Who asked for what, and what came of it, in a trail that shows when it was tampered with. */
@NullMarked
package io.whimbrel.monitoring.audit;

import org.jspecify.annotations.NullMarked;
