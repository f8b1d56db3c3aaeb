/**
 * The migrations of a target: what the files say, before anything is asked of a database. Only
 * {@link io.whimbrel.executor.catalog.FlywayCatalogueReader} knows how files are named.
 */
@NullMarked
package io.whimbrel.executor.catalog;

import org.jspecify.annotations.NullMarked;
