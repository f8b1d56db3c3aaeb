/** Who is told of alerts besides Kafka: a webhook, e-mail, or whatever implements a sink. */
@NullMarked
package io.whimbrel.monitoring.sink;

import org.jspecify.annotations.NullMarked;
