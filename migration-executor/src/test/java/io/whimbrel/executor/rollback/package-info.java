@NullMarked
package io.whimbrel.executor.rollback;

import org.jspecify.annotations.NullMarked;
