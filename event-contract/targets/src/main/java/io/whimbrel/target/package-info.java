/** The databases that migrations run on, as declared in {@code targets.yaml}. */
@NullMarked
package io.whimbrel.target;

import org.jspecify.annotations.NullMarked;
