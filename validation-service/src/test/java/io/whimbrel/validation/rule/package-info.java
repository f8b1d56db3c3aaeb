@NullMarked
package io.whimbrel.validation.rule;

import org.jspecify.annotations.NullMarked;
