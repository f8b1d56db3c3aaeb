/** What is dangerous about a migration, decided from what its rehearsal saw. */
@NullMarked
package io.whimbrel.executor.risk;

import org.jspecify.annotations.NullMarked;
