@NullMarked
package io.whimbrel.validation.request;

import org.jspecify.annotations.NullMarked;
