@NullMarked
package io.whimbrel.executor.apply;

import org.jspecify.annotations.NullMarked;
