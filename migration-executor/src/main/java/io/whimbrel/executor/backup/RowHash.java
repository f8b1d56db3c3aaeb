package io.whimbrel.executor.backup;

import static java.util.Map.entry;

import io.whimbrel.executor.schema.Quoted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.postgresql.core.Oid;

/**
 * The expression that reduces a row to 64 bits, in which every byte of every value of it counts.
 *
 * <p>PostgreSQL hashes values so that equal ones hash alike, but equal is not the same: 1.0 equals
 * 1.00, and a bigint is folded to 32 bits so that it meets an integer. So only types whose hash
 * takes in all there is are hashed as they are; others as the bytes that PostgreSQL sends for them,
 * which costs a third of their text; and the rest as text, in which no oid appears that changes
 * when a type is made anew.
 */
final class RowHash {
  private static final String AS_IS = "%s";
  private static final String BYTE_BY_BYTE = "%s COLLATE \"C\"";

  /** Types of which equal values are the same, and how they are hashed. */
  private static final Map<Long, String> EQUAL_IS_SAME =
      Map.ofEntries(
          entry((long) Oid.BOOL, AS_IS),
          entry((long) Oid.INT2, AS_IS),
          entry((long) Oid.INT4, AS_IS),
          entry((long) Oid.INT8, AS_IS),
          entry((long) Oid.DATE, AS_IS),
          entry((long) Oid.TIMESTAMP, AS_IS),
          entry((long) Oid.TIMESTAMPTZ, AS_IS),
          entry((long) Oid.UUID, AS_IS),
          entry((long) Oid.BYTEA, AS_IS),
          entry((long) Oid.TEXT, BYTE_BY_BYTE),
          entry((long) Oid.VARCHAR, BYTE_BY_BYTE));

  /** Types that are hashed as the bytes that PostgreSQL sends for them. */
  private static final Map<Long, String> SENT =
      Map.of(
          (long) Oid.INT8, "int8send(%s)",
          (long) Oid.NUMERIC, "numeric_send(%s)",
          (long) Oid.TIMESTAMP, "timestamp_send(%s)",
          (long) Oid.TIMESTAMPTZ, "timestamptz_send(%s)");

  private RowHash() {}

  /**
   * The expression, a bigint.
   *
   * @param columns in any order; they are hashed in the order of their names
   */
  static String of(List<TableShape.Column> columns) {
    var values = new ArrayList<String>();
    var texts = new ArrayList<String>();
    columns.stream()
        .sorted(Comparator.comparing(TableShape.Column::name))
        .forEach(
            column -> {
              String name = Quoted.name(column.name());
              String value =
                  SENT.getOrDefault(column.typeOid(), EQUAL_IS_SAME.get(column.typeOid()));
              if (value == null) {
                texts.add(name);
              } else {
                values.add(value.formatted(name));
              }
            });
    if (!texts.isEmpty() || values.isEmpty()) {
      values.add("ROW(%s)::text COLLATE \"C\"".formatted(String.join(", ", texts)));
    }
    // The hash of a record adds up multiples of its fields' hashes, so that two rows which exchange
    // a value would have the same sum; hashed once more, they have not.
    return "hash_record_extended(ROW(int8send(hash_record_extended(ROW(%s), 0))), 0)"
        .formatted(String.join(", ", values));
  }
}
