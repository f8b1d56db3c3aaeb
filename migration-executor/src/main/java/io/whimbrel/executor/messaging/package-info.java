/** What comes in from Kafka: recorded, scheduled and acknowledged, never worked on. */
@NullMarked
package io.whimbrel.executor.messaging;

import org.jspecify.annotations.NullMarked;
