package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a script where psql would: at a semicolon outside parentheses and outside the body of a
 * {@code BEGIN ATOMIC} function.
 */
final class StatementSplitter {

  private final String script;
  private final String text;
  private final SqlLexer lexer;
  private final List<Statement> statements = new ArrayList<>();
  private List<Token> tokens = new ArrayList<>();
  private int blocks;
  private int counted;
  private int line = 1;

  StatementSplitter(String script, String text) {
    this.script = script;
    this.text = text;
    this.lexer = new SqlLexer(text);
  }

  /**
   * @throws Refusal naming script and line, at a command of psql
   */
  List<Statement> split() {
    while (lexer.skipSpace()) {
      Token token = lexer.next();
      switch (token.kind()) {
        case COMMENT -> {}
        case BACKSLASH ->
            throw new Refusal(
                script
                    + " line "
                    + lineOf(token.start())
                    + ": commands of psql are not SQL; remove the backslash command");
        case SEMICOLON -> {
          if (token.depth() == 0 && blocks == 0) {
            finish(token.start(), token.end());
          } else {
            tokens.add(token);
          }
        }
        default -> {
          tokens.add(token);
          countBlocks(token);
        }
      }
    }
    finish(text.length(), text.length());
    return statements;
  }

  // As psql does: only in CREATE FUNCTION and CREATE PROCEDURE can BEGIN hold statements, and
  // CASE has an END of its own.
  private void countBlocks(Token token) {
    if (token.depth() > 0 || token.kind() != Kind.WORD || !createsRoutine()) {
      return;
    }
    if (token.is("BEGIN") || (blocks > 0 && token.is("CASE"))) {
      blocks++;
    } else if (blocks > 0 && token.is("END")) {
      blocks--;
    }
  }

  private boolean createsRoutine() {
    if (tokens.isEmpty() || !tokens.get(0).is("CREATE")) {
      return false;
    }
    int kind = tokens.size() > 3 && tokens.get(1).is("OR") && tokens.get(2).is("REPLACE") ? 3 : 1;
    return tokens.size() > kind
        && (tokens.get(kind).is("FUNCTION") || tokens.get(kind).is("PROCEDURE"));
  }

  // What a comment says at the end belongs to the statement, as it may be a marker.
  private void finish(int end, int next) {
    if (!tokens.isEmpty()) {
      Token first = tokens.get(0);
      String sql = text.substring(first.start(), end).stripTrailing();
      int begin = lineOf(first.start());
      String data = copyData(next);
      statements.add(new Statement(statements.size() + 1, begin, sql, data, tokens));
    }
    tokens = new ArrayList<>();
    blocks = 0;
  }

  private @Nullable String copyData(int next) {
    if (!tokens.get(0).is("COPY") || !fromStdin()) {
      return null;
    }
    int start = Math.min(lexer.lineEnd(next) + 1, text.length());
    for (int from = start; from < text.length(); from = lexer.lineEnd(from) + 1) {
      if (text.substring(from, lexer.lineEnd(from)).stripTrailing().equals("\\.")) {
        lexer.moveTo(lexer.lineEnd(from));
        return text.substring(start, from);
      }
    }
    throw new Refusal(
        script
            + " line "
            + lineOf(tokens.get(0).start())
            + ": the data of COPY has no end; write \\. on a line of its own after it");
  }

  private boolean fromStdin() {
    for (int i = 1; i < tokens.size(); i++) {
      if (tokens.get(i).is("STDIN") && tokens.get(i - 1).is("FROM")) {
        return true;
      }
    }
    return false;
  }

  // Positions only grow, so each line end is counted once.
  private int lineOf(int position) {
    for (; counted < position; counted++) {
      if (text.charAt(counted) == '\n') {
        line++;
      }
    }
    return line;
  }
}
