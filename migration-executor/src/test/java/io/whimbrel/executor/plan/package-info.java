@NullMarked
package io.whimbrel.executor.plan;

import org.jspecify.annotations.NullMarked;
