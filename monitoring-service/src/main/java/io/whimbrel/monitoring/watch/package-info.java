/** Looks at what no single event tells: conditions that raise alerts, and resolve them again. */
@NullMarked
package io.whimbrel.monitoring.watch;

import org.jspecify.annotations.NullMarked;
