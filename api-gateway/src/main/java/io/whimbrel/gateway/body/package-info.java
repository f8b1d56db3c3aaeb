/** Bodies of requests: of limited length, in UTF-8, and read strictly. */
@NullMarked
package io.whimbrel.gateway.body;

import org.jspecify.annotations.NullMarked;
