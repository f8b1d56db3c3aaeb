/** Scripts tried in a scratch database, and what PostgreSQL says of their effects there. */
@NullMarked
package io.whimbrel.executor.rehearsal;

import org.jspecify.annotations.NullMarked;
