package io.whimbrel.executor.apply;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys.
 *
 * @param above exclusive; null is no bound
 * @param upTo inclusive; null is an empty range
 * @param rows of the table within it
 */
record KeyRange(BatchKey key, @Nullable KeyValue above, @Nullable KeyValue upTo, long rows) {

  /**
   * As SQL. Columns that have one value in the whole range are compared on their own: an index scan
   * stops at the upper bound of a row comparison only once its first column has passed it.
   *
   * @param names of the key's columns, as the statement knows them
   */
  String condition(List<String> names) {
    if (upTo == null) {
      return "false";
    }
    List<String> parts = new ArrayList<>();
    int same = above == null ? 0 : same(above, upTo);
    for (int i = 0; i < same; i++) {
      parts.add(names.get(i) + " = " + value(upTo, i));
    }
    if (above != null) {
      parts.add(compared(names, same, " > ", above));
    }
    parts.add(compared(names, same, " <= ", upTo));
    return String.join(" and ", parts);
  }

  /** All that lies above the range's lower bound. */
  String above(List<String> names) {
    return above == null ? "true" : compared(names, 0, " > ", above);
  }

  private static int same(KeyValue one, KeyValue other) {
    int same = 0;
    while (same < one.parts().size() - 1 && one.parts().get(same).equals(other.parts().get(same))) {
      same++;
    }
    return same;
  }

  private String compared(List<String> names, int from, String operator, KeyValue bound) {
    if (from == names.size() - 1) {
      return names.get(from) + operator + value(bound, from);
    }
    List<String> values = new ArrayList<>();
    for (int i = from; i < names.size(); i++) {
      values.add(value(bound, i));
    }
    return "("
        + String.join(", ", names.subList(from, names.size()))
        + ")"
        + operator
        + "("
        + String.join(", ", values)
        + ")";
  }

  private String value(KeyValue value, int column) {
    return "cast("
        + Sql.literal(value.parts().get(column))
        + " as "
        + key.columns().get(column).type()
        + ")";
  }
}
