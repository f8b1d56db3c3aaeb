/** The internal REST API, which the gateway passes on to users. */
@NullMarked
package io.whimbrel.validation.api;

import org.jspecify.annotations.NullMarked;
