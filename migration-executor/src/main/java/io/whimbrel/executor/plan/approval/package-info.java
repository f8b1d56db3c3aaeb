/** What a plan rests on, and what of it is no longer so. */
@NullMarked
package io.whimbrel.executor.plan.approval;

import org.jspecify.annotations.NullMarked;
