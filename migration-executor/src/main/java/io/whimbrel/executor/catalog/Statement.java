package io.whimbrel.executor.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a script.
 *
 * @param number its place in the script, from 1
 * @param line the line of its first word in the file, from 1
 * @param sql without the semicolon
 * @param copyData the lines that follow {@code COPY ... FROM STDIN} in the script, each with its
 *     line end; null for any other statement
 * @param tokens of the SQL, without comments
 */
public record Statement(
    int number, int line, String sql, @Nullable String copyData, List<Token> tokens) {

  public Statement {
    tokens = List.copyOf(tokens);
  }

  /** Whether the statement begins with these keywords, given in upper case. */
  public boolean begins(String... words) {
    if (tokens.size() < words.length) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!tokens.get(i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** Whether the keyword, given in upper case, occurs outside parentheses. */
  public boolean mentions(String word) {
    return tokens.stream().anyMatch(token -> token.depth() == 0 && token.is(word));
  }

  /** Leaves out the text: it may hold literals. */
  @Override
  public String toString() {
    return "statement " + number + " (line " + line + ")";
  }
}
