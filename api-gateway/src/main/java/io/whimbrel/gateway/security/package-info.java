/** Who may come in, beyond what the annotations on the resources say. */
@NullMarked
package io.whimbrel.gateway.security;

import org.jspecify.annotations.NullMarked;
