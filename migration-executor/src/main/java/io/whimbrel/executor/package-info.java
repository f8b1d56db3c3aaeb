/** Leads the runs: from a request to a state that does not change any more. */
@NullMarked
package io.whimbrel.executor;

import org.jspecify.annotations.NullMarked;
