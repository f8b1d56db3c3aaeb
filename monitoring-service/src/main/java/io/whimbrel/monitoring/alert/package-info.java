/** Rules that look at events, and the alerts they raise, one per cause. */
@NullMarked
package io.whimbrel.monitoring.alert;

import org.jspecify.annotations.NullMarked;
