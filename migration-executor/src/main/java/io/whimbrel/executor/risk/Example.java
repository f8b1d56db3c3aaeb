package io.whimbrel.executor.risk;

import java.util.List;

/**
 * Migrations on which a rule shows what it means; a test rehearses them.
 *
 * @param scripts each a migration of its own, in order
 */
public record Example(List<String> scripts) {
  public Example {
    scripts = List.copyOf(scripts);
  }

  static Example of(String... scripts) {
    return new Example(List.of(scripts));
  }
}
