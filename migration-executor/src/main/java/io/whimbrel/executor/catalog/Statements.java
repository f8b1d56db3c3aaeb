package io.whimbrel.executor.catalog;

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
    return new StatementSplitter(name, text).split();
  }
}
