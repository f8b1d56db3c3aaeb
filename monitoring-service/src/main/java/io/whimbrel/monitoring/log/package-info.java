/** The append-only log of every event, one partition per day. */
@NullMarked
package io.whimbrel.monitoring.log;

import org.jspecify.annotations.NullMarked;
