/**
 * Runs scripts on a target, one writer at a time, and keeps Flyway's schema history. Nothing here
 * knows of runs: whoever calls decides what is applied and is told how it goes.
 */
@NullMarked
package io.whimbrel.executor.apply;

import org.jspecify.annotations.NullMarked;
