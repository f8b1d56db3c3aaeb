@NullMarked
package io.whimbrel.executor;

import org.jspecify.annotations.NullMarked;
