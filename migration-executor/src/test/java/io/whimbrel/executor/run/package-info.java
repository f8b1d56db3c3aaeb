@NullMarked
package io.whimbrel.executor.run;

import org.jspecify.annotations.NullMarked;
