@NullMarked
package io.whimbrel.validation.api;

import org.jspecify.annotations.NullMarked;
