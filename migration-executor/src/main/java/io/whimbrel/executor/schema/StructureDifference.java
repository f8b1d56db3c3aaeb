package io.whimbrel.executor.schema;

import org.jspecify.annotations.Nullable;

/**
 * One thing in which a structure is not as it should be.
 *
 * @param kind what the object is, as in {@code INDEX}
 * @param object its name, with schema, as SQL writes it
 * @param aspect what of it differs, as in {@code comment}; null if the whole object is missing or
 *     should not be there
 * @param expected how it should be; null if it should not be there
 * @param found how it is; null if it is missing
 */
public record StructureDifference(
    String kind,
    String object,
    @Nullable String aspect,
    @Nullable String expected,
    @Nullable String found) {

  /** The object by kind and name, as {@link StructureObject#identity()}. */
  public String identity() {
    return kind + " " + object;
  }

  /** In words, without the definitions. */
  public String summary() {
    String name = kind.toLowerCase(java.util.Locale.ROOT) + " " + object;
    if (aspect != null) {
      return name + " differs in its " + aspect;
    }
    return name + (found == null ? " is missing" : " is there and should not be");
  }
}
