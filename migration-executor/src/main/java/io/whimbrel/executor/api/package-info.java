/** The internal REST API, which the gateway passes on to users. */
@NullMarked
package io.whimbrel.executor.api;

import org.jspecify.annotations.NullMarked;
