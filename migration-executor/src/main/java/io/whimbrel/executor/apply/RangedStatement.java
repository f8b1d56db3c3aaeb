package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.BatchHeader;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.SqlLexer;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import io.whimbrel.executor.catalog.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one statement of a batched script, cut open where the range of a batch goes: into the WHERE
 * of an UPDATE or DELETE, or in place of the comment {@code whimbrel:range}, which may name the
 * key's columns as the statement knows them ({@code whimbrel:range o.tenant, o.id}).
 *
 * @param before the SQL before the range
 * @param after the SQL after it
 * @param key the key's columns as the statement calls them
 * @param table as written in the statement; null if the range stands in a comment's place
 */
record RangedStatement(
    Statement statement, String before, String after, List<String> key, @Nullable String table) {

  private static final Pattern MARKER =
      Pattern.compile("/\\*\\s*whimbrel:range(?:\\s+([^*\\s][^*]*?))?\\s*\\*/");

  /** What is cut by itself, or at a marked place. */
  private static final List<String> CARRIED =
      List.of("UPDATE", "DELETE", "INSERT", "MERGE", "SELECT", "WITH");

  /**
   * Cuts a script's statement open.
   *
   * @throws Refusal naming script, line and remedy, if there is not one statement, or no place for
   *     a range in it
   */
  static RangedStatement of(Script script) {
    BatchHeader batch = script.headers().batch().orElseThrow();
    if (script.count() != 1) {
      throw refusal(
          script, 1, "a script with a batch header has one statement; split it in several");
    }
    if (!script.transactional()) {
      throw refusal(script, 1, "a batch needs a transaction; remove executeInTransaction=false");
    }
    Statement statement = script.first();
    if (CARRIED.stream().noneMatch(statement::begins)) {
      throw refusal(
          script,
          statement.line(),
          "only UPDATE, DELETE, INSERT, MERGE, SELECT and WITH can be cut into batches; take the"
              + " batch header away");
    }
    RangedStatement marked = marked(script, statement, batch);
    if (marked != null) {
      new Cut(script, statement, batch, 0).refuseChangedKey();
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

  /** The SQL for the keys of a range. */
  String between(KeyRange range) {
    return before + "(" + range.condition(key) + ")" + after;
  }

  private static @Nullable RangedStatement marked(
      Script script, Statement statement, BatchHeader batch) {
    RangedStatement found = null;
    for (Token token : SqlLexer.tokens(statement.sql())) {
      Matcher matcher = MARKER.matcher(token.text());
      if (token.kind() == Kind.COMMENT && matcher.matches()) {
        if (found != null) {
          throw refusal(script, statement.line(), "whimbrel:range stands twice; keep one");
        }
        List<String> key = matcher.group(1) == null ? batch.key() : names(matcher.group(1));
        if (key.size() != batch.key().size()) {
          throw refusal(
              script,
              statement.line(),
              "whimbrel:range names other columns than the batch key; name as many, in its order");
        }
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

  private static List<String> names(String list) {
    return Stream.of(list.split(",", -1)).map(String::strip).toList();
  }

  private static Refusal refusal(Script script, int line, String what) {
    return new Refusal(script.migration().script() + " line " + line + ": " + what);
  }

  /** Finds the table, its alias and the WHERE of an UPDATE or DELETE. */
  private static final class Cut {

    private static final List<String> NO_ALIAS = List.of("SET", "USING", "WHERE", "RETURNING");

    private static final List<String> END_OF_SET = List.of("FROM", "WHERE", "RETURNING");

    private static final Token END = new Token(Kind.OTHER, "", 0, 0, 0);

    private final Script script;
    private final Statement statement;
    private final BatchHeader batch;
    private final String sql;
    private final List<Token> tokens;
    private final int start;
    private int next;

    Cut(Script script, Statement statement, BatchHeader batch, int next) {
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
      String alias = alias(table);
      List<String> key = batch.key().stream().map(column -> alias + "." + column).toList();
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
      Token set = topLevel("SET");
      if (!statement.begins("UPDATE") || set == null) {
        return;
      }
      boolean left = true;
      for (Token token : tokens.subList(tokens.indexOf(set) + 1, tokens.size())) {
        boolean outside = token.depth() == 0;
        if (outside && END_OF_SET.stream().anyMatch(token::is)) {
          return;
        }
        if (outside && token.text().equals("=")) {
          left = false;
        } else if (outside && token.text().equals(",")) {
          left = true;
        } else if (left && batch.key().stream().anyMatch(column -> same(column, token))) {
          throw refusal(
              script, statement.line(), "the batch key itself is changed; choose another key");
        }
      }
    }

    private static boolean same(String column, Token token) {
      return folded(column).equals(folded(token.text()));
    }

    private static String folded(String name) {
      return name.startsWith("\"")
          ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
          : name.toLowerCase(Locale.ROOT);
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
