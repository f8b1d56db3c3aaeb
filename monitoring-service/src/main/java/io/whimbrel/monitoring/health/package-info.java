/** Whether migrations are in good order, with reasons. */
@NullMarked
package io.whimbrel.monitoring.health;

import org.jspecify.annotations.NullMarked;
