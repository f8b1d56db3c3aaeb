package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a script.
 *
 * @param number its place in the script, from 1
 * @param line the line of its first word in the file, from 1
 * @param sql without the semicolon
 * @param copyData what follows {@code COPY ... FROM STDIN} in the script; null for any other
 *     statement
 * @param head its first tokens, and beyond them some that are outside parentheses, without comments
 */
public record Statement(
    int number, int line, String sql, @Nullable CopyData copyData, List<Token> head) {

  public Statement {
    head = List.copyOf(head);
  }

  /** All of its tokens, without comments; their places count from the beginning of the SQL. */
  public List<Token> tokens() {
    return head.size() < StatementReader.HEAD
        ? head
        : SqlLexer.tokens(sql).stream().filter(token -> token.kind() != Kind.COMMENT).toList();
  }

  /** Whether the statement begins with these keywords, given in upper case. */
  public boolean begins(String... words) {
    if (head.size() < words.length) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!head.get(i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** Whether the keyword, given in upper case, occurs in the head outside parentheses. */
  public boolean mentions(String word) {
    return head.stream().anyMatch(token -> token.depth() == 0 && token.is(word));
  }

  /** Leaves out the text: it may hold literals. */
  @Override
  public String toString() {
    return "statement " + number + " (line " + line + ")";
  }
}
