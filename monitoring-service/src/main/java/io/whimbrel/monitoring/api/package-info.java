/** The REST resources. */
@NullMarked
package io.whimbrel.monitoring.api;

import org.jspecify.annotations.NullMarked;
