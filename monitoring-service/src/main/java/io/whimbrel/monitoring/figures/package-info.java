/** What the runs add up to, for people and for Prometheus. */
@NullMarked
package io.whimbrel.monitoring.figures;

import org.jspecify.annotations.NullMarked;
