package io.whimbrel.executor.catalog;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A migration's version, ordered as Flyway orders it: number by number, so that 2 precedes 10, and
 * {@code 1}, {@code 1.0} and {@code 01} are the same version.
 */
public final class Version implements Comparable<Version> {

  private static final Pattern FORM = Pattern.compile("\\d+(?:[._]\\d+)*");

  private final String text;
  private final List<BigInteger> parts;

  private Version(String text) {
    this.text = text;
    List<BigInteger> numbers =
        new ArrayList<>(Arrays.stream(text.split("\\.")).map(BigInteger::new).toList());
    while (numbers.size() > 1 && numbers.get(numbers.size() - 1).signum() == 0) {
      numbers.remove(numbers.size() - 1);
    }
    this.parts = List.copyOf(numbers);
  }

  /** Numbers with dots or underscores between them; empty if it is anything else. */
  public static Optional<Version> parse(String text) {
    return FORM.matcher(text).matches()
        ? Optional.of(new Version(text.replace('_', '.')))
        : Optional.empty();
  }

  /**
   * The version that the text says.
   *
   * @throws Refusal if the text is not a version
   */
  public static Version of(String text) {
    return parse(text)
        .orElseThrow(
            () -> new Refusal("Not a version: write numbers with dots, such as 12 or 1.2"));
  }

  @Override
  public int compareTo(Version other) {
    int common = Math.min(parts.size(), other.parts.size());
    for (int i = 0; i < common; i++) {
      int order = parts.get(i).compareTo(other.parts.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(parts.size(), other.parts.size());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Version version && parts.equals(version.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /** As it was written, with dots; this is what the schema history holds. */
  @Override
  public String toString() {
    return text;
  }
}
