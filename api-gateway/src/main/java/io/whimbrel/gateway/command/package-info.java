/**
 * Commands: read strictly, turned into {@code migration.requested}, answered once Kafka has them.
 */
@NullMarked
package io.whimbrel.gateway.command;

import org.jspecify.annotations.NullMarked;
