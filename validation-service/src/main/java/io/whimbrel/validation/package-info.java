/**
 * The validation service: asked before and after a run's change, it looks at the data of the target
 * and answers whether the run may go on.
 */
@NullMarked
package io.whimbrel.validation;

import org.jspecify.annotations.NullMarked;
