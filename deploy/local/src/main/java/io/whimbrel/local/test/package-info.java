/** The embedded servers as resources of Quarkus tests; one of each per JVM. */
@NullMarked
package io.whimbrel.local.test;

import org.jspecify.annotations.NullMarked;
