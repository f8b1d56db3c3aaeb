package io.whimbrel.executor.catalog;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/** Splits SQL that is no migration. */
public final class Statements {
  private Statements() {}

  /**
   * Splits a text where psql would.
   *
   * @param name named when the text is refused
   */
  public static List<Statement> of(String name, String text) {
    List<Statement> all = new ArrayList<>();
    new StatementReader(name, () -> new StringReader(text)).forEachRemaining(all::add);
    return all;
  }
}
