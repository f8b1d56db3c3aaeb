@NullMarked
package io.whimbrel.delivery;

import org.jspecify.annotations.NullMarked;
