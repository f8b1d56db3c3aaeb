/** What is looked for: each rule in a file of its own, and what a rule needs to look. */
@NullMarked
package io.whimbrel.validation.rule;

import org.jspecify.annotations.NullMarked;
