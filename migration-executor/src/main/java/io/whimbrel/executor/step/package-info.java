/** The steps of a run: durable tasks, each doing one thing and handing the run on. */
@NullMarked
package io.whimbrel.executor.step;

import org.jspecify.annotations.NullMarked;
