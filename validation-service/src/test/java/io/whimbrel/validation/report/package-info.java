@NullMarked
package io.whimbrel.validation.report;

import org.jspecify.annotations.NullMarked;
