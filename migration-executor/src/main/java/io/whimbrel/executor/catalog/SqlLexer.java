package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Token.Kind;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL into tokens as PostgreSQL's lexer does; knows quotes, nested comments, dollar quotes and
 * parentheses, and nothing of grammar. Its places are offsets from the mark of its window.
 */
public final class SqlLexer {

  private final CharWindow text;
  private boolean escapesEverywhere;
  private int start;
  private int around;
  private int depth;

  SqlLexer(CharWindow text) {
    this.text = text;
  }

  /** All tokens with the comments, without white space. */
  public static List<Token> tokens(String sql) {
    SqlLexer lexer = new SqlLexer(new CharWindow(new StringReader(sql)));
    List<Token> tokens = new ArrayList<>();
    while (lexer.skipSpace(false)) {
      tokens.add(lexer.token(lexer.next()));
    }
    return tokens;
  }

  /** Whether a backslash escapes in every string: {@code standard_conforming_strings} is off. */
  void escapesEverywhere(boolean escapes) {
    escapesEverywhere = escapes;
  }

  /** Goes on outside all parentheses. */
  void outside() {
    depth = 0;
  }

  /**
   * False at the end of the text.
   *
   * @param forget moves the mark behind the space
   */
  boolean skipSpace(boolean forget) {
    while (text.more() && isSpace(text.at(0))) {
      text.advance(1);
      if (forget) {
        text.mark();
      }
    }
    if (forget) {
      text.mark();
    }
    return text.more();
  }

  /** Passes over the token at the present place, which is not white space. */
  Kind next() {
    start = text.offset();
    around = depth;
    Kind kind = read(text.at(0));
    if (kind == Kind.CLOSE) {
      around = depth;
    }
    return kind;
  }

  /** Where the last token begins. */
  int start() {
    return start;
  }

  /** How many parentheses are open around the last token. */
  int depth() {
    return around;
  }

  Token token(Kind kind) {
    int end = text.offset();
    return new Token(kind, text.text(start, end), start, end, around);
  }

  private Kind read(char first) {
    char second = text.at(1);
    if (first == '-' && second == '-') {
      text.advanceTo('\n', '\r');
      return Kind.COMMENT;
    }
    if (first == '/' && second == '*') {
      blockComment();
      return Kind.COMMENT;
    }
    if (first == '\'') {
      string(escapesEverywhere);
      return Kind.STRING;
    }
    if (first == '"') {
      quoted('"', false);
      return Kind.QUOTED_NAME;
    }
    if (first == '$' && dollarString()) {
      return Kind.STRING;
    }
    if (wordStart(first)) {
      return word(first);
    }
    text.advance(1);
    return switch (first) {
      case '(' -> {
        depth++;
        yield Kind.OPEN;
      }
      case ')' -> {
        depth = Math.max(0, depth - 1);
        yield Kind.CLOSE;
      }
      case ';' -> Kind.SEMICOLON;
      case '\\' -> Kind.BACKSLASH;
      default -> {
        digits(first);
        yield Kind.OTHER;
      }
    };
  }

  private Kind word(char first) {
    int length = 1;
    while (wordPart(text.at(length))) {
      length++;
    }
    text.advance(length);
    char prefix = length == 1 ? Character.toUpperCase(first) : '\0';
    char next = text.at(0);
    if (next == '\'' && "EBXN".indexOf(prefix) >= 0) {
      string(prefix == 'E' || (prefix == 'N' && escapesEverywhere));
      return Kind.STRING;
    }
    if (prefix == 'U' && next == '&' && (text.at(1) == '\'' || text.at(1) == '"')) {
      text.advance(1);
      char quote = text.at(0);
      quoted(quote, false);
      return quote == '"' ? Kind.QUOTED_NAME : Kind.STRING;
    }
    return Kind.WORD;
  }

  // Two strings with a line end between them are one; the second keeps the first one's escapes.
  private void string(boolean escapes) {
    quoted('\'', escapes);
    while (escapes) {
      int gap = gapBeforeContinuation();
      if (gap < 0) {
        return;
      }
      text.advance(gap);
      quoted('\'', true);
    }
  }

  // Space and line comments with at least one line end among them.
  private int gapBeforeContinuation() {
    int ahead = 0;
    boolean lineEnd = false;
    while (text.has(ahead)) {
      char c = text.at(ahead);
      if (isSpace(c)) {
        lineEnd |= c == '\n' || c == '\r';
        ahead++;
      } else if (c == '-' && text.at(ahead + 1) == '-') {
        while (text.has(ahead) && text.at(ahead) != '\n' && text.at(ahead) != '\r') {
          ahead++;
        }
      } else {
        return lineEnd && c == '\'' ? ahead : -1;
      }
    }
    return -1;
  }

  private void quoted(char quote, boolean escapes) {
    text.advance(1);
    while (true) {
      text.advanceTo(quote, escapes ? '\\' : quote);
      if (!text.more()) {
        return;
      }
      if (text.at(0) == quote && text.at(1) != quote) {
        text.advance(1);
        return;
      }
      text.advance(2);
    }
  }

  private boolean dollarString() {
    int length = 1;
    while (wordPart(text.at(length)) && text.at(length) != '$') {
      length++;
    }
    if (text.at(length) != '$' || isDigit(text.at(1))) {
      return false;
    }
    int begin = text.offset();
    text.advance(length + 1);
    String tag = text.text(begin, text.offset());
    text.advanceTo('$', '$');
    while (text.more() && !text.startsWith(tag)) {
      text.advance(1);
      text.advanceTo('$', '$');
    }
    text.advance(tag.length());
    return true;
  }

  private void blockComment() {
    int nested = 0;
    do {
      if (text.at(0) == '/' && text.at(1) == '*') {
        nested++;
        text.advance(2);
      } else if (text.at(0) == '*' && text.at(1) == '/') {
        nested--;
        text.advance(2);
      } else {
        text.advance(1);
      }
      if (nested > 0) {
        text.advanceTo('/', '*');
      }
    } while (nested > 0 && text.more());
  }

  // A number's letters and the $ of a parameter are not the beginning of a name or a quote.
  private void digits(char first) {
    if (isDigit(first) || (first == '$' && isDigit(text.at(0)))) {
      while (wordPart(text.at(0)) && text.at(0) != '$') {
        text.advance(1);
      }
    }
  }

  // PostgreSQL's own idea of space: anything beyond ASCII is a part of a name.
  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean wordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean wordPart(char c) {
    return wordStart(c) || isDigit(c) || c == '$';
  }
}
