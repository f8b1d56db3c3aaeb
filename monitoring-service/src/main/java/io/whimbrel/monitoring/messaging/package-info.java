/** Where events come in: read, recorded once, or laid aside as dead letters. */
@NullMarked
package io.whimbrel.monitoring.messaging;

import org.jspecify.annotations.NullMarked;
