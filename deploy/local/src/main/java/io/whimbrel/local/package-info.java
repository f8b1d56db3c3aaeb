/** PostgreSQL, Kafka, an identity provider and the services, on one machine without containers. */
@NullMarked
package io.whimbrel.local;

import org.jspecify.annotations.NullMarked;
