@NullMarked
package io.whimbrel.executor.step;

import org.jspecify.annotations.NullMarked;
