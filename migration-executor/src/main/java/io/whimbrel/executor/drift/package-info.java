/** What a target has that its schema history does not account for, and the other way round. */
@NullMarked
package io.whimbrel.executor.drift;

import org.jspecify.annotations.NullMarked;
