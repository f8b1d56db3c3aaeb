@NullMarked
package io.whimbrel.validation.check;

import org.jspecify.annotations.NullMarked;
