/** Streams what is kept, in constant memory. */
@NullMarked
package io.whimbrel.monitoring.export;

import org.jspecify.annotations.NullMarked;
