package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL into tokens as PostgreSQL's lexer does with {@code standard_conforming_strings} on;
 * knows quotes, nested comments, dollar quotes and parentheses, and nothing of grammar.
 */
public final class SqlLexer {

  private final String sql;
  private int position;
  private int depth;

  public SqlLexer(String sql) {
    this.sql = sql;
  }

  /** All tokens with the comments, without white space. */
  public static List<Token> tokens(String sql) {
    SqlLexer lexer = new SqlLexer(sql);
    List<Token> tokens = new ArrayList<>();
    while (lexer.skipSpace()) {
      tokens.add(lexer.next());
    }
    return tokens;
  }

  int position() {
    return position;
  }

  /** Goes on from another place, outside all parentheses. */
  void moveTo(int start) {
    position = start;
    depth = 0;
  }

  /** False at the end of the text. */
  boolean skipSpace() {
    while (position < sql.length() && Character.isWhitespace(sql.charAt(position))) {
      position++;
    }
    return position < sql.length();
  }

  /** The token at the present place, which is not white space. */
  Token next() {
    int start = position;
    int around = depth;
    Kind kind = read(sql.charAt(position));
    if (kind == Kind.CLOSE) {
      around = depth;
    }
    return new Token(kind, sql.substring(start, position), start, position, around);
  }

  private Kind read(char first) {
    char second = at(position + 1);
    if (first == '-' && second == '-') {
      position = lineEnd(position);
      return Kind.COMMENT;
    }
    if (first == '/' && second == '*') {
      blockComment();
      return Kind.COMMENT;
    }
    if (first == '\'') {
      string(false);
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
      return word();
    }
    position++;
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

  private Kind word() {
    int start = position;
    while (wordPart(at(position))) {
      position++;
    }
    if (at(position) == '\'' && position - start == 1) {
      char prefix = Character.toUpperCase(sql.charAt(start));
      if ("EBXN".indexOf(prefix) >= 0) {
        string(prefix == 'E');
        return Kind.STRING;
      }
    }
    if (position - start == 1 && Character.toUpperCase(sql.charAt(start)) == 'U') {
      if (at(position) == '&' && (at(position + 1) == '\'' || at(position + 1) == '"')) {
        position++;
        char quote = sql.charAt(position);
        quoted(quote, false);
        return quote == '"' ? Kind.QUOTED_NAME : Kind.STRING;
      }
    }
    return Kind.WORD;
  }

  // Two strings with a line end between them are one; the second keeps the first one's escapes.
  private void string(boolean escapes) {
    quoted('\'', escapes);
    if (!escapes) {
      return;
    }
    int ahead = position;
    boolean lineEnd = false;
    while (ahead < sql.length() && Character.isWhitespace(sql.charAt(ahead))) {
      lineEnd |= sql.charAt(ahead) == '\n';
      ahead++;
    }
    if (lineEnd && at(ahead) == '\'') {
      position = ahead;
      string(true);
    }
  }

  private void quoted(char quote, boolean escapes) {
    position++;
    while (position < sql.length()) {
      char c = sql.charAt(position++);
      if (escapes && c == '\\') {
        position++;
      } else if (c == quote) {
        if (at(position) != quote) {
          return;
        }
        position++;
      }
    }
    position = Math.min(position, sql.length());
  }

  private boolean dollarString() {
    int end = position + 1;
    while (wordPart(at(end)) && at(end) != '$') {
      end++;
    }
    if (at(end) != '$' || Character.isDigit(at(position + 1))) {
      return false;
    }
    String tag = sql.substring(position, end + 1);
    int close = sql.indexOf(tag, end + 1);
    position = close < 0 ? sql.length() : close + tag.length();
    return true;
  }

  private void blockComment() {
    int nested = 0;
    do {
      if (sql.startsWith("/*", position)) {
        nested++;
        position += 2;
      } else if (sql.startsWith("*/", position)) {
        nested--;
        position += 2;
      } else {
        position++;
      }
    } while (nested > 0 && position < sql.length());
  }

  // A number's letters and the $ of a parameter are not the beginning of a name or a quote.
  private void digits(char first) {
    if (Character.isDigit(first) || (first == '$' && Character.isDigit(at(position)))) {
      while (wordPart(at(position)) && at(position) != '$') {
        position++;
      }
    }
  }

  int lineEnd(int from) {
    int end = sql.indexOf('\n', from);
    return end < 0 ? sql.length() : end;
  }

  private char at(int index) {
    return index < sql.length() ? sql.charAt(index) : '\0';
  }

  private static boolean wordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean wordPart(char c) {
    return wordStart(c) || (c >= '0' && c <= '9') || c == '$';
  }
}
