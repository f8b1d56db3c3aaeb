/**
 * What a run would do, found out before it does it: schemas read and compared, scripts rehearsed in
 * a scratch database.
 */
@NullMarked
package io.whimbrel.executor.plan;

import org.jspecify.annotations.NullMarked;
