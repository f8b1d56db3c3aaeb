/**
 * Tests of the whole suite: the services as they are packaged, on a real PostgreSQL and a real
 * Kafka, seen from outside.
 */
@NullMarked
package io.whimbrel.acceptance;

import org.jspecify.annotations.NullMarked;
