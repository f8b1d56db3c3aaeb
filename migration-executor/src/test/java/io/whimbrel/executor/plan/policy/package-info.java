@NullMarked
package io.whimbrel.executor.plan.policy;

import org.jspecify.annotations.NullMarked;
