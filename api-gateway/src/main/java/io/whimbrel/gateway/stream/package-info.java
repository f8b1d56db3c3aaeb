/** A run as it happens: its events live from Kafka, with what went before from the executor. */
@NullMarked
package io.whimbrel.gateway.stream;

import org.jspecify.annotations.NullMarked;
