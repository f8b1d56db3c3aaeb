/** How many commands a caller may send. */
@NullMarked
package io.whimbrel.gateway.rate;

import org.jspecify.annotations.NullMarked;
