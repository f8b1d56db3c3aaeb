package io.whimbrel.executor.reversal.fill;

import java.util.List;

/**
 * What a generated value has to fit.
 *
 * @param name as SQL writes it
 * @param type as SQL writes it, domains included
 * @param base the type under it, of a domain or of the elements of an array, without schema
 * @param category of the base type, as PostgreSQL has it
 * @param modifier of the type, or -1
 * @param array whether it is one
 * @param labels if it is an enum
 * @param required whether it may not be null
 * @param unique whether it is in a key, so that values should not repeat
 * @param hints literals of the conditions on it
 */
record ColumnShape(
    String name,
    String type,
    String base,
    char category,
    int modifier,
    boolean array,
    List<String> labels,
    boolean required,
    boolean unique,
    List<String> hints) {

  ColumnShape {
    labels = List.copyOf(labels);
    hints = List.copyOf(hints);
  }

  boolean isText() {
    return category == 'S' && !base.equals("name") && !base.equals("char");
  }

  ColumnShape hinted(List<String> more) {
    return new ColumnShape(
        name, type, base, category, modifier, array, labels, required, unique, more);
  }
}
