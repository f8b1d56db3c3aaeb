@NullMarked
package io.whimbrel.executor.rehearsal;

import org.jspecify.annotations.NullMarked;
