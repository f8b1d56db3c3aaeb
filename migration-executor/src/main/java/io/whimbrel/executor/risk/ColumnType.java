package io.whimbrel.executor.risk;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type as {@code format_type} writes it.
 *
 * @param name without what is in parentheses
 * @param sizes what is in them
 */
record ColumnType(String name, List<Integer> sizes) {
  private static final Pattern WRITTEN =
      Pattern.compile("([^(]+)(?:\\((\\d+)(?:,(-?\\d+))?\\))?(.*)");

  /** Numbers, the one that holds least first. */
  private static final List<String> WHOLE = List.of("smallint", "integer", "bigint", "numeric");

  private static final List<String> FLOATING = List.of("real", "double precision");

  private static final List<String> TEXTS = List.of("character", "character varying", "text");

  static ColumnType of(String type) {
    Matcher matcher = WRITTEN.matcher(type);
    if (!matcher.matches()) {
      return new ColumnType(type, List.of());
    }
    String name = matcher.group(1) + matcher.group(4);
    if (matcher.group(2) == null) {
      return new ColumnType(name, List.of());
    }
    int first = Integer.parseInt(matcher.group(2));
    return new ColumnType(
        name,
        matcher.group(3) == null
            ? List.of(first)
            : List.of(first, Integer.parseInt(matcher.group(3))));
  }

  /** Whether some values of the other type do not fit into this one. */
  boolean holdsLessThan(ColumnType other) {
    if (TEXTS.contains(name) && TEXTS.contains(other.name)) {
      return limit() < other.limit();
    }
    if (name.equals(other.name)) {
      return !sizes.isEmpty() && (other.sizes.isEmpty() || smaller(other));
    }
    return before(WHOLE, other) || before(FLOATING, other);
  }

  private boolean smaller(ColumnType other) {
    int scale = sizes.size() > 1 ? sizes.get(1) : 0;
    int otherScale = other.sizes.size() > 1 ? other.sizes.get(1) : 0;
    return scale < otherScale || sizes.get(0) - scale < other.sizes.get(0) - otherScale;
  }

  private int limit() {
    return sizes.isEmpty() ? Integer.MAX_VALUE : sizes.get(0);
  }

  private boolean before(List<String> order, ColumnType other) {
    return order.contains(name)
        && order.contains(other.name)
        && order.indexOf(name) < order.indexOf(other.name);
  }
}
