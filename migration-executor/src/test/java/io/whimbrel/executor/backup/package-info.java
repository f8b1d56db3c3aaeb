@NullMarked
package io.whimbrel.executor.backup;

import org.jspecify.annotations.NullMarked;
