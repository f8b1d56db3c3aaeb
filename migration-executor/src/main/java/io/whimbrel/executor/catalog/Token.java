package io.whimbrel.executor.catalog;

import java.util.Locale;

/**
 * A piece of SQL text.
 *
 * @param depth how many parentheses are open around it
 */
public record Token(Kind kind, String text, int start, int end, int depth) {

  public enum Kind {
    WORD,
    QUOTED_NAME,
    STRING,
    COMMENT,
    OPEN,
    CLOSE,
    SEMICOLON,
    BACKSLASH,
    OTHER
  }

  /** Whether this is the given keyword or unquoted name, in upper case. */
  public boolean is(String word) {
    return kind == Kind.WORD && text.length() == word.length() && upper().equals(word);
  }

  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }
}
