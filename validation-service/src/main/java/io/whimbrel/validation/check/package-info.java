/** Letting the rules look: one read-only snapshot of the target for all of them. */
@NullMarked
package io.whimbrel.validation.check;

import org.jspecify.annotations.NullMarked;
