/** The structure of a database: read, written as statements, and compared. */
@NullMarked
package io.whimbrel.executor.schema;

import org.jspecify.annotations.NullMarked;
