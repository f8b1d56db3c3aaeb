package io.whimbrel.executor.impact;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import io.whimbrel.executor.catalog.Token;
import io.whimbrel.executor.catalog.Token.Kind;
import io.whimbrel.executor.impact.Demand.Conversion;
import io.whimbrel.executor.impact.Demand.Look;
import io.whimbrel.executor.impact.Demand.Search;
import io.whimbrel.executor.impact.Demand.Untold;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.schema.Quoted;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether values can become values of another type. Texts are tried one by one where PostgreSQL can
 * do that without failing (16 and later); otherwise all are converted, and the first that cannot be
 * ends it, so that how many there are stays unknown. A statement with a USING of its own, other
 * than {@code column::type}, converts in its own way, which is not tried.
 */
final class Conversions {
  private static final int INPUT_IS_VALID_SINCE = 16;
  private static final Pattern LENGTH =
      Pattern.compile("(?:character varying|character|bit varying|bit)\\((\\d+)\\)");

  private final int version;
  private final Map<String, Script> scripts;

  Conversions(int version, List<Script> scripts) {
    this.version = version;
    this.scripts =
        scripts.stream()
            .collect(Collectors.toMap(s -> s.migration().script(), s -> s, (a, b) -> a));
  }

  /**
   * @param type as PostgreSQL writes it
   */
  Look of(String script, int number, Subject subject, ColumnState before, String type) {
    if (convertsInItsOwnWay(script, number, before.name())) {
      return new Untold("it converts by an expression of its own, in USING");
    }
    String column = "e." + Quoted.name(before.name());
    Subject.Type from = subject.columns().get(before.name());
    if (from == null) {
      return new Untold("an earlier pending statement creates the column");
    }
    Matcher length = LENGTH.matcher(type);
    // An explicit cast would cut them off in silence, the change of the type refuses them.
    if (length.matches() && from.text()) {
      return new Search(
          "",
          subject.all(),
          "char_length(rtrim(%s::text)) > %s".formatted(column, length.group(1)));
    }
    if (from.text() && version >= INPUT_IS_VALID_SINCE) {
      return new Search(
          "",
          subject.all(),
          "not pg_input_is_valid(%s::text, %s)".formatted(column, Quoted.literal(type)));
    }
    return new Conversion("cast(%s as %s)".formatted(column, type));
  }

  private boolean convertsInItsOwnWay(String script, int number, String column) {
    Script known = scripts.get(script);
    if (known == null) {
      return true;
    }
    try (StatementReader statements = known.statements()) {
      while (statements.hasNext()) {
        Statement statement = statements.next();
        if (statement.number() == number) {
          return !usingIsPlain(statement.tokens(), column);
        }
      }
    }
    return true;
  }

  /** Whether every USING is {@code column::...} or there is none. */
  private static boolean usingIsPlain(List<Token> tokens, String column) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).is("USING")
          && !(i + 2 < tokens.size()
              && names(tokens.get(i + 1), column)
              && tokens.get(i + 2).text().startsWith(":")
              && plainType(tokens, i + 3))) {
        return false;
      }
    }
    return true;
  }

  /** Whether nothing but the name of a type follows, to the end or the next action. */
  private static boolean plainType(List<Token> tokens, int from) {
    for (int i = from; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.depth() == 0 && (token.text().equals(",") || token.kind() == Kind.SEMICOLON)) {
        return true;
      }
      if (token.kind() == Kind.STRING
          || (token.kind() == Kind.OTHER && !token.text().matches("[:.,\\[\\]\\d]+"))) {
        return false;
      }
    }
    return true;
  }

  private static boolean names(Token token, String column) {
    return token.text().equals(Quoted.name(column)) || token.text().equalsIgnoreCase(column);
  }
}
