@NullMarked
package io.whimbrel.executor.reversal;

import org.jspecify.annotations.NullMarked;
