@NullMarked
package io.whimbrel.executor.planning;

import org.jspecify.annotations.NullMarked;
