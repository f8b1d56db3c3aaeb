/**
 * Events between a service's database and Kafka: each leaves through the outbox, written in the
 * transaction that changed the state, and each arrives through the inbox, noted in the transaction
 * of its effect. A crash at any instruction loses nothing and repeats nothing.
 */
@NullMarked
package io.whimbrel.delivery;

import org.jspecify.annotations.NullMarked;
