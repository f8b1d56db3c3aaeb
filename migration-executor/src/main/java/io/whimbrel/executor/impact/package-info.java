/** What the real target is like where migrations are about to touch it, as PostgreSQL tells it. */
@NullMarked
package io.whimbrel.executor.impact;

import org.jspecify.annotations.NullMarked;
