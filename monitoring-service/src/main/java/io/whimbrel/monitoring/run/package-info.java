/** The picture of the runs, drawn from their events. */
@NullMarked
package io.whimbrel.monitoring.run;

import org.jspecify.annotations.NullMarked;
