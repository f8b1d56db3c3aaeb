@NullMarked
package io.whimbrel.executor.drift;

import org.jspecify.annotations.NullMarked;
