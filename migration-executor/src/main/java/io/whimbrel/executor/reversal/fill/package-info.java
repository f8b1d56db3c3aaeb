/** Rows for the tables of a scratch database. */
@NullMarked
package io.whimbrel.executor.reversal.fill;

import org.jspecify.annotations.NullMarked;
