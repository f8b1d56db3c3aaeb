@NullMarked
package io.whimbrel.executor.backup.s3;

import org.jspecify.annotations.NullMarked;
