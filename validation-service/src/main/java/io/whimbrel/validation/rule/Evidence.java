package io.whimbrel.validation.rule;

import java.util.List;
import java.util.Map;

/**
 * Wrong rows.
 *
 * @param rows how many
 * @param keys primary keys of the first ones, column to value
 */
record Evidence(long rows, List<Map<String, String>> keys) {}
