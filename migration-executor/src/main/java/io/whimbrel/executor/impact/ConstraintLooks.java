package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.SqlLexer;
import io.whimbrel.executor.catalog.Token;
import io.whimbrel.executor.catalog.Token.Kind;
import io.whimbrel.executor.impact.Demand.Look;
import io.whimbrel.executor.impact.Demand.Search;
import io.whimbrel.executor.impact.Demand.Untold;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.schema.Quoted;
import java.util.ArrayList;
import java.util.List;

/**
 * Searches for rows that break a constraint. Expressions come from PostgreSQL's own rendering of
 * the constraint in the rehearsal, of which the outermost parentheses are found by the lexer.
 */
final class ConstraintLooks {
  private ConstraintLooks() {}

  /** {@code CHECK ((expression)) NO INHERIT}. */
  static Look check(Subject subject, ConstraintState check) {
    List<Token> tokens = SqlLexer.tokens(check.definition());
    int open = firstAt(tokens, Kind.OPEN, 0);
    int close = closing(tokens, open);
    if (close < 0) {
      return new Untold("its definition could not be read");
    }
    String expression =
        check.definition().substring(tokens.get(open).end(), tokens.get(close).start());
    // Columns stand alone in it, so the alias does not matter; NULL passes a check.
    return new Search("", subject.all(), "not (" + expression + ")");
  }

  /**
   * Children without a parent.
   *
   * @param writer which pending statement writes to the parent before; empty if none does
   */
  static Look foreignKey(Subject child, ConstraintState key, String writer) {
    TableName parent = key.referencesOnTarget();
    if (parent == null) {
      return new Untold("an earlier pending statement creates " + key.references());
    }
    if (!writer.isEmpty()) {
      return new Untold(writer + " changes rows of " + parent + " before");
    }
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      pairs.add(
          "p.%s = e.%s"
              .formatted(
                  Quoted.name(key.referencedColumns().get(i)), Quoted.name(key.columns().get(i))));
    }
    String all = Subject.each(key.columns(), "$ is not null", " and ");
    String orphan =
        "(%s and not exists (select from %s as p where %s))"
            .formatted(all, Quoted.table(parent), String.join(" and ", pairs));
    boolean full = words(key.definition()).contains("MATCH FULL");
    String partly = " or ((%s) and not (%s))".formatted(all.replace(" and ", " or "), all);
    return new Search("", child.own(), full && key.columns().size() > 1 ? orphan + partly : orphan);
  }

  /** Rows whose key others have too: the keys are grouped, and mostly no group is left. */
  static Look unique(Subject subject, IndexState index) {
    String definition = index.definition();
    List<Token> tokens = SqlLexer.tokens(definition);
    int open = firstAt(tokens, Kind.OPEN, 0);
    int close = closing(tokens, open);
    List<String> keys = close < 0 ? List.of() : keys(index, tokens, open, close);
    if (keys.isEmpty()) {
      return new Untold("its definition could not be read");
    }
    String rest = definition.substring(tokens.get(close).end());
    boolean nullsEqual = words(rest).contains("NULLS NOT DISTINCT");
    String condition = condition(index, tokens, close);
    List<String> filters = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    List<String> joins = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      if (!nullsEqual) {
        filters.add("(" + key + ") is not null");
      }
      selected.add("(%s) as whimbrel_k%d".formatted(key, i));
      joins.add(
          "(%s) %s d.whimbrel_k%d".formatted(key, nullsEqual ? "is not distinct from" : "=", i));
    }
    if (!condition.isEmpty()) {
      filters.add("(" + condition + ")");
    }
    String where = filters.isEmpty() ? "true" : String.join(" and ", filters);
    String with =
        "with d as materialized (select %s from %s where %s group by %s having count(*) > 1)"
            .formatted(String.join(", ", selected), subject.own(), where, positions(keys.size()));
    return new Search(
        with, "%s join d on %s".formatted(subject.own(), String.join(" and ", joins)), where);
  }

  private static String positions(int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      numbers.add(Integer.toString(i));
    }
    return String.join(", ", numbers);
  }

  /** What is compared: columns by name, expressions as rendered, without what orders them. */
  private static List<String> keys(IndexState index, List<Token> tokens, int open, int close) {
    List<String> keys = new ArrayList<>();
    int begin = open + 1;
    int depth = tokens.get(open).depth() + 1;
    for (int i = begin; i <= close; i++) {
      Token token = tokens.get(i);
      boolean comma = token.text().equals(",") && token.depth() == depth;
      if (comma || i == close) {
        int place = keys.size();
        String column = place < index.columns().size() ? index.columns().get(place) : null;
        keys.add(
            column == null || column.isEmpty()
                ? expression(index.definition(), tokens, begin)
                : "e." + Quoted.name(column));
        begin = i + 1;
      }
    }
    return keys;
  }

  /** {@code (a + b)} or {@code lower(name)}: up to the end of the first parentheses. */
  private static String expression(String text, List<Token> tokens, int begin) {
    int open = firstAt(tokens, Kind.OPEN, begin);
    return text.substring(tokens.get(begin).start(), tokens.get(closing(tokens, open)).end());
  }

  private static String condition(IndexState index, List<Token> tokens, int close) {
    if (index.partial()) {
      for (int i = close; i < tokens.size(); i++) {
        if (tokens.get(i).is("WHERE")) {
          return index.definition().substring(tokens.get(i).end());
        }
      }
    }
    return "";
  }

  private static int firstAt(List<Token> tokens, Kind kind, int from) {
    for (int i = from; i < tokens.size(); i++) {
      if (tokens.get(i).kind() == kind) {
        return i;
      }
    }
    return -1;
  }

  private static int closing(List<Token> tokens, int open) {
    if (open < 0) {
      return -1;
    }
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).kind() == Kind.OPEN ? 1 : 0;
      depth -= tokens.get(i).kind() == Kind.CLOSE ? 1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  private static String words(String sql) {
    return String.join(
        " ",
        SqlLexer.tokens(sql).stream()
            .filter(token -> token.kind() == Kind.WORD)
            .map(Token::text)
            .toList());
  }
}
