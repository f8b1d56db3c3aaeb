/** What the gateway says when it refuses. */
@NullMarked
package io.whimbrel.gateway.problem;

import org.jspecify.annotations.NullMarked;
