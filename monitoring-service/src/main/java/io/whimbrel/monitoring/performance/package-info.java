/** How long runs and their statements took, beside those before them. */
@NullMarked
package io.whimbrel.monitoring.performance;

import org.jspecify.annotations.NullMarked;
