@NullMarked
package io.whimbrel.executor.impact;

import org.jspecify.annotations.NullMarked;
