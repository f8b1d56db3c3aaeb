@NullMarked
package io.whimbrel.validation.plugin;

import org.jspecify.annotations.NullMarked;
