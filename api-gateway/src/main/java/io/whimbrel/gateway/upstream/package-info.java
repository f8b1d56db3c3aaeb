/** What the services behind the gateway serve, passed through. */
@NullMarked
package io.whimbrel.gateway.upstream;

import org.jspecify.annotations.NullMarked;
