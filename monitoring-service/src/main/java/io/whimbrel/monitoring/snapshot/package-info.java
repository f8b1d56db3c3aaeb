/** Figures and open alerts as files. */
@NullMarked
package io.whimbrel.monitoring.snapshot;

import org.jspecify.annotations.NullMarked;
