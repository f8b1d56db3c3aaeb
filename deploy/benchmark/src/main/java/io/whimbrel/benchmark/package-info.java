/** Measures the engine against plain JDBC and against Flyway. */
@NullMarked
package io.whimbrel.benchmark;

import org.jspecify.annotations.NullMarked;
