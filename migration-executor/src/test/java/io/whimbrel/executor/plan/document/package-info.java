@NullMarked
package io.whimbrel.executor.plan.document;

import org.jspecify.annotations.NullMarked;
