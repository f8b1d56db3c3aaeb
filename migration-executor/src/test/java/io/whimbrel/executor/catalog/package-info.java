@NullMarked
package io.whimbrel.executor.catalog;

import org.jspecify.annotations.NullMarked;
