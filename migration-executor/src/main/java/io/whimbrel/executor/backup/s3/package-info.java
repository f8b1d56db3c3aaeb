/** Backups in a bucket of an S3-compatible store. */
@NullMarked
package io.whimbrel.executor.backup.s3;

import org.jspecify.annotations.NullMarked;
