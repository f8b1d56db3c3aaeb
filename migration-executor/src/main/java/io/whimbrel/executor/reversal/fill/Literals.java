package io.whimbrel.executor.reversal.fill;

import io.whimbrel.executor.catalog.Statements;
import io.whimbrel.executor.catalog.Token;
import java.util.ArrayList;
import java.util.List;

/** Values that an SQL text names; rows that hold them are those that its conditions meet. */
public final class Literals {
  private static final int MOST = 40;

  private Literals() {}

  /** Strings and numbers of an SQL text, the strings without their quotes. */
  static List<String> of(String sql) {
    List<String> literals = new ArrayList<>();
    Statements.of("condition", sql).forEach(s -> literals.addAll(of(s.tokens())));
    return literals;
  }

  /** Of the tokens of one or more statements. */
  public static List<String> of(List<Token> tokens) {
    List<String> literals = new ArrayList<>();
    for (Token token : tokens) {
      String text = token.text();
      if (token.kind() == Token.Kind.STRING && text.startsWith("'") && text.length() > 1) {
        literals.add(text.substring(1, text.length() - 1).replace("''", "'"));
      } else if (text.matches("\\d+(\\.\\d+)?")) {
        literals.add(text);
      }
    }
    return literals.stream().distinct().limit(MOST).toList();
  }
}
