/** Forgets what is old, and nothing that is still needed. */
@NullMarked
package io.whimbrel.monitoring.cleanup;

import org.jspecify.annotations.NullMarked;
