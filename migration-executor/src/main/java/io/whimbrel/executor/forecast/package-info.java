/** How long migrations will take on a target, as a range, and how right that was before. */
@NullMarked
package io.whimbrel.executor.forecast;

import org.jspecify.annotations.NullMarked;
