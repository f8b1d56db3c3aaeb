/** The main job, shown in the terminal through the public API. */
@NullMarked
package io.whimbrel.local.demo;

import org.jspecify.annotations.NullMarked;
