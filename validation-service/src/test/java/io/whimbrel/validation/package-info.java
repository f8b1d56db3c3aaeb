@NullMarked
package io.whimbrel.validation;

import org.jspecify.annotations.NullMarked;
