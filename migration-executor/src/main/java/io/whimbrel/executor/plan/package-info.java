/** What a run would do: which migrations, in which order, and what stands against them. */
@NullMarked
package io.whimbrel.executor.plan;

import org.jspecify.annotations.NullMarked;
