/** The HTTP edge of the suite: stateless, the only service that is open to callers. */
@NullMarked
package io.whimbrel.gateway;

import org.jspecify.annotations.NullMarked;
