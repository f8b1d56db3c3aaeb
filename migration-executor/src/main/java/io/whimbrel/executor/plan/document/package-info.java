/** The plan as a document: what people read and approve, as values and as a page. */
@NullMarked
package io.whimbrel.executor.plan.document;

import org.jspecify.annotations.NullMarked;
