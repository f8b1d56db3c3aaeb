package io.whimbrel.executor.rehearsal.observe;

import java.util.List;

/**
 * A thing of the catalogue as it is at one moment.
 *
 * @param number by which PostgreSQL knows it, whatever its name
 * @param table the number of the relation that it belongs to; its own, if it is one
 * @param file the number of its file, 0 if it has none
 * @param compared what makes it another thing when it changes; not what it only repeats of others,
 *     such as the name of its table
 * @param state as it is reported
 */
record CatalogueRow<S>(long number, long table, long file, List<Object> compared, S state) {}
