package io.whimbrel.executor.rehearsal.facts;

import io.whimbrel.event.TableName;

/**
 * A column that statements of programs name, and without which PostgreSQL cannot parse them.
 *
 * @param table by its name on the target
 * @param column by its name on the target
 * @param statements how many there are
 * @param calls how often they were executed, together
 */
public record ColumnUse(TableName table, String column, int statements, long calls) {}
