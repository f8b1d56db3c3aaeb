/** What the owner of a target refuses, and what of it a caller may accept. */
@NullMarked
package io.whimbrel.executor.plan.policy;

import org.jspecify.annotations.NullMarked;
