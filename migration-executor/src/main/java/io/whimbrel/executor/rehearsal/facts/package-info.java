/** What a rehearsal saw each statement do; values that are stored with a plan. */
@NullMarked
package io.whimbrel.executor.rehearsal.facts;

import org.jspecify.annotations.NullMarked;
