/** Rules of others, loaded from jars and kept apart from each other and from the service. */
@NullMarked
package io.whimbrel.validation.plugin;

import org.jspecify.annotations.NullMarked;
