/**
 * What a service may do on Kafka. Its credentials come from its configuration; whether they give it
 * every right that it needs is asked of Kafka, and said in words when they do not.
 */
@NullMarked
package io.whimbrel.access;

import org.jspecify.annotations.NullMarked;
