/** What the owners of a target declare about its data, read from files beside its migrations. */
@NullMarked
package io.whimbrel.validation.declared;

import org.jspecify.annotations.NullMarked;
