package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptHeaders.Batch;
import io.whimbrel.executor.catalog.SqlLexer;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import io.whimbrel.executor.catalog.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one statement of a batched script, cut open where the range of a batch goes: into the WHERE
 * of an UPDATE or DELETE, or in place of the comment {@code whimbrel:range}, which may name the
 * key's column as the statement knows it ({@code whimbrel:range o.id}).
 *
 * @param before the SQL before the range
 * @param after the SQL after it
 * @param key the key's column as the statement calls it
 * @param table as written in the statement; null if the range stands in a comment's place
 */
record RangedStatement(
    Statement statement, String before, String after, String key, @Nullable String table) {

  private static final Pattern MARKER =
      Pattern.compile("/\\*\\s*whimbrel:range(?:\\s+([\\w.\"]+))?\\s*\\*/");

  /**
   * Cuts a script's statement open.
   *
   * @throws Refusal naming script, line and remedy, if there is not one statement, or no place for
   *     a range in it
   */
  static RangedStatement of(Script script) {
    Batch batch = script.headers().batch().orElseThrow();
    if (script.statements().size() != 1) {
      throw refusal(
          script, 1, "a script with a batch header has one statement; split it in several");
    }
    if (!script.transactional()) {
      throw refusal(script, 1, "a batch needs a transaction; remove executeInTransaction=false");
    }
    Statement statement = script.statements().get(0);
    RangedStatement marked = marked(script, statement, batch);
    if (marked != null) {
      return marked;
    }
    boolean update = statement.begins("UPDATE");
    if (!update && !statement.begins("DELETE", "FROM")) {
      throw refusal(
          script,
          statement.line(),
          "only UPDATE and DELETE are cut into batches by themselves; write the comment /*"
              + " whimbrel:range */ where the condition on the key belongs");
    }
    return new Cut(script, statement, batch, update ? 1 : 2).ranged();
  }

  /** The statement for the keys above the lower bound, up to and with the upper bound. */
  Statement between(BatchKey.Bounds bounds) {
    String range = "(" + bounds.condition(key) + ")";
    return new Statement(
        statement.number(), statement.line(), before + range + after, null, statement.tokens());
  }

  private static @Nullable RangedStatement marked(Script script, Statement statement, Batch batch) {
    RangedStatement found = null;
    for (Token token : SqlLexer.tokens(statement.sql())) {
      Matcher matcher = MARKER.matcher(token.text());
      if (token.kind() == Kind.COMMENT && matcher.matches()) {
        if (found != null) {
          throw refusal(script, statement.line(), "whimbrel:range stands twice; keep one");
        }
        String key = matcher.group(1) == null ? batch.key() : matcher.group(1);
        found =
            new RangedStatement(
                statement,
                statement.sql().substring(0, token.start()),
                statement.sql().substring(token.end()),
                key,
                null);
      }
    }
    return found;
  }

  private static Refusal refusal(Script script, int line, String what) {
    return new Refusal(script.migration().script() + " line " + line + ": " + what);
  }

  /** Finds the table, its alias and the WHERE of an UPDATE or DELETE. */
  private static final class Cut {

    private static final List<String> NO_ALIAS = List.of("SET", "USING", "WHERE", "RETURNING");

    private static final Token END = new Token(Kind.OTHER, "", 0, 0, 0);

    private final Script script;
    private final Statement statement;
    private final Batch batch;
    private final String sql;
    private final List<Token> tokens;
    private final int start;
    private int next;

    Cut(Script script, Statement statement, Batch batch, int next) {
      this.script = script;
      this.statement = statement;
      this.batch = batch;
      this.sql = statement.sql();
      this.tokens = statement.tokens();
      this.start = tokens.get(0).start();
      this.next = next;
    }

    RangedStatement ranged() {
      if (at(next).is("ONLY")) {
        next++;
      }
      String table = name();
      if (at(next).text().equals("*")) {
        next++;
      }
      String key = alias(table) + "." + batch.key();
      refuseChangedKey();
      Token where = topLevel("WHERE");
      Token returning = topLevel("RETURNING");
      int end =
          returning == null
              ? sql.length()
              : offset(tokens.get(tokens.indexOf(returning) - 1), true);
      if (where == null) {
        String before = sql.substring(0, end) + "\nwhere ";
        return new RangedStatement(statement, before, "\n" + sql.substring(end), key, table);
      }
      if (tokens.get(tokens.indexOf(where) + 1).is("CURRENT")) {
        throw refusal(script, statement.line(), "WHERE CURRENT OF cannot be cut into batches");
      }
      String before =
          sql.substring(0, offset(where, true))
              + " ("
              + sql.substring(offset(where, true), end)
              + "\n) and ";
      return new RangedStatement(statement, before, "\n" + sql.substring(end), key, table);
    }

    private String name() {
      int first = next++;
      if (first >= tokens.size()) {
        throw refusal(script, statement.line(), "the statement names no table; complete it");
      }
      while (at(next).text().equals(".")) {
        next += 2;
      }
      return sql.substring(offset(at(first), false), offset(at(next - 1), true));
    }

    private String alias(String table) {
      Token token = at(next);
      if (token.is("AS")) {
        return at(next + 1).text();
      }
      boolean alias =
          token.kind() == Kind.QUOTED_NAME
              || (token.kind() == Kind.WORD
                  && !NO_ALIAS.contains(token.text().toUpperCase(Locale.ROOT)));
      return alias ? token.text() : table;
    }

    // A row whose key changes moves to another batch, and is changed again there or not at all.
    private void refuseChangedKey() {
      for (int i = 1; i + 1 < tokens.size(); i++) {
        boolean begins =
            tokens.get(i - 1).is("SET")
                || tokens.get(i - 1).text().equals(",")
                || tokens.get(i - 1).kind() == Kind.OPEN;
        boolean named = tokens.get(i).text().equalsIgnoreCase(batch.key());
        if (begins && named && statement.begins("UPDATE") && target(i)) {
          throw refusal(
              script, statement.line(), "the batch key itself is changed; choose another key");
        }
      }
    }

    // Whether the token stands left of an equals sign, before any WHERE.
    private boolean target(int index) {
      Token where = topLevel("WHERE");
      if (where != null && tokens.indexOf(where) < index) {
        return false;
      }
      return tokens.get(index + 1).text().equals("=") && tokens.get(index).depth() == 0;
    }

    private @Nullable Token topLevel(String word) {
      return tokens.stream()
          .filter(token -> token.depth() == 0 && token.is(word))
          .findFirst()
          .orElse(null);
    }

    private Token at(int index) {
      return index < tokens.size() ? tokens.get(index) : END;
    }

    private int offset(Token token, boolean end) {
      return (end ? token.end() : token.start()) - start;
    }
  }
}
