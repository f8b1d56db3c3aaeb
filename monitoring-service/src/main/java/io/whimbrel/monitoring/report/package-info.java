/** What happened in a period, for people to read. */
@NullMarked
package io.whimbrel.monitoring.report;

import org.jspecify.annotations.NullMarked;
