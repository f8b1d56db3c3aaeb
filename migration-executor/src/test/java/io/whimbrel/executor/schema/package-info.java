@NullMarked
package io.whimbrel.executor.schema;

import org.jspecify.annotations.NullMarked;
