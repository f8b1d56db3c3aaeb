/** Validations that were asked for, worked off one claim at a time until each has its answer. */
@NullMarked
package io.whimbrel.validation.request;

import org.jspecify.annotations.NullMarked;
