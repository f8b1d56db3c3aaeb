/** What a validation saw, and what follows from it. */
@NullMarked
package io.whimbrel.validation.report;

import org.jspecify.annotations.NullMarked;
