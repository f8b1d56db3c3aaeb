/** The targets this service migrates. */
@NullMarked
package io.whimbrel.executor.target;

import org.jspecify.annotations.NullMarked;
