/** What the tests need around the gateway. */
@NullMarked
package io.whimbrel.gateway.support;

import org.jspecify.annotations.NullMarked;
