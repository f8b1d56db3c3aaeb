@NullMarked
package io.whimbrel.executor.messaging;

import org.jspecify.annotations.NullMarked;
