/** Ways back from migrations: shipped or derived, and proven with rows in a scratch database. */
@NullMarked
package io.whimbrel.executor.reversal;

import org.jspecify.annotations.NullMarked;
