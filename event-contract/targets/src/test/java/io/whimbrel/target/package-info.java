@NullMarked
package io.whimbrel.target;

import org.jspecify.annotations.NullMarked;
