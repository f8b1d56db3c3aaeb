@NullMarked
package io.whimbrel.access;

import org.jspecify.annotations.NullMarked;
