@NullMarked
package io.whimbrel.executor.forecast;

import org.jspecify.annotations.NullMarked;
