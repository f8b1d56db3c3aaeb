/** What comes in from Kafka: recorded and acknowledged, never worked on. */
@NullMarked
package io.whimbrel.validation.messaging;

import org.jspecify.annotations.NullMarked;
