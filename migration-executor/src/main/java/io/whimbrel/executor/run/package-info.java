/** The life of a run: its states, the one door between them, and the queue of a target. */
@NullMarked
package io.whimbrel.executor.run;

import org.jspecify.annotations.NullMarked;
