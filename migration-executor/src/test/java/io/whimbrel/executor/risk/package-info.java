@NullMarked
package io.whimbrel.executor.risk;

import org.jspecify.annotations.NullMarked;
