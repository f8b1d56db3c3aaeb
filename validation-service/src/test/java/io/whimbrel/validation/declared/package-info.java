@NullMarked
package io.whimbrel.validation.declared;

import org.jspecify.annotations.NullMarked;
