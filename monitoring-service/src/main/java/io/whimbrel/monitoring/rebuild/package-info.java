/** Makes the picture of the runs anew from the event log. */
@NullMarked
package io.whimbrel.monitoring.rebuild;

import org.jspecify.annotations.NullMarked;
