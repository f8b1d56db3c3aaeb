/** The names that callers give their commands, each of them one run. */
@NullMarked
package io.whimbrel.executor.key;

import org.jspecify.annotations.NullMarked;
