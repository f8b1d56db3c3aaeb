/** What would be done on a target as it is now: for plans that people read, and for runs. */
@NullMarked
package io.whimbrel.executor.planning;

import org.jspecify.annotations.NullMarked;
