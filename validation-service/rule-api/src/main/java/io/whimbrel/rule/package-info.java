/** What a rule plug-in of the validation service is written against. */
@NullMarked
package io.whimbrel.rule;

import org.jspecify.annotations.NullMarked;
