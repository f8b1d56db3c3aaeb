/** Which way a run is taken back: decided purely from facts, and carried out by others. */
@NullMarked
package io.whimbrel.executor.rollback;

import org.jspecify.annotations.NullMarked;
