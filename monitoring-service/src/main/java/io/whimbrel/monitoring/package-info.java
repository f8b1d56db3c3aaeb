/** What happened, what it adds up to, and what a person should know about it. */
@NullMarked
package io.whimbrel.monitoring;

import org.jspecify.annotations.NullMarked;
