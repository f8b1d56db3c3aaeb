package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Token.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a script asks for in the comments at its top:
 *
 * <pre>
 * -- whimbrel:depends-on 2, AddUserTable
 * -- whimbrel:verify select count(*) = 0 from users where email is null
 * -- whimbrel:lock-timeout 2s
 * -- whimbrel:batch table=users key=id size=auto
 * </pre>
 *
 * @param dependsOn names of migrations that have to be applied before
 * @param verify queries that have to return true before the script's transaction commits
 * @param lockTimeout instead of the target's own
 * @param batch how to cut a data migration into batches
 */
public record ScriptHeaders(
    List<String> dependsOn,
    List<String> verify,
    Optional<Duration> lockTimeout,
    Optional<BatchHeader> batch) {

  private static final Pattern HEADER = Pattern.compile("--\\s*whimbrel:(\\S*)\\s*(.*)");
  private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,8})(ms|s|m)");

  public ScriptHeaders {
    dependsOn = List.copyOf(dependsOn);
    verify = List.copyOf(verify);
  }

  /**
   * @throws Refusal naming script, line and remedy, if a header is malformed, unknown, repeated or
   *     not at the top
   */
  static ScriptHeaders parse(String script, String text) {
    Parser parser = new Parser(script, text);
    boolean top = true;
    SqlLexer lexer = new SqlLexer(text);
    while (lexer.skipSpace()) {
      Token token = lexer.next();
      if (token.kind() == Kind.COMMENT) {
        Matcher matcher = HEADER.matcher(token.text().stripTrailing());
        if (matcher.matches()) {
          parser.header(token, top, matcher.group(1), matcher.group(2));
        }
      } else {
        top = false;
      }
    }
    return parser.headers();
  }

  private static final class Parser {

    private final String script;
    private final String text;
    private final List<String> dependsOn = new ArrayList<>();
    private final List<String> verify = new ArrayList<>();
    private @Nullable Duration lockTimeout;
    private @Nullable BatchHeader batch;
    private int position;

    Parser(String script, String text) {
      this.script = script;
      this.text = text;
    }

    void header(Token token, boolean top, String name, String value) {
      position = token.start();
      if (!top) {
        throw refusal("a header has to stand before the first statement; move it to the top");
      }
      switch (name) {
        case "depends-on" -> dependsOn.addAll(names(value));
        case "verify" -> verify.add(query(value));
        case "lock-timeout" -> {
          once("lock-timeout", lockTimeout);
          lockTimeout = duration(value);
        }
        case "batch" -> {
          once("batch", batch);
          batch = batch(value);
        }
        default ->
            throw refusal(
                "this header is not known; use depends-on, verify, lock-timeout or batch");
      }
    }

    ScriptHeaders headers() {
      return new ScriptHeaders(
          dependsOn, verify, Optional.ofNullable(lockTimeout), Optional.ofNullable(batch));
    }

    private List<String> names(String value) {
      List<String> names = Arrays.stream(value.split(",", -1)).map(String::strip).toList();
      if (names.contains("")) {
        throw refusal("depends-on lacks a name; write names with commas between them");
      }
      return names;
    }

    private String query(String value) {
      String query = value.strip().replaceFirst(";$", "");
      if (query.isEmpty()) {
        throw refusal("verify lacks its query; write a query that returns true on the same line");
      }
      return query;
    }

    private Duration duration(String value) {
      Matcher matcher = DURATION.matcher(value.strip());
      if (!matcher.matches()) {
        throw refusal(
            "lock-timeout is not a time; write a number and its unit, such as 500ms or 2s");
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        default -> Duration.ofMinutes(number);
      };
    }

    private BatchHeader batch(String value) {
      return BatchHeader.parse(value)
          .orElseThrow(
              () ->
                  refusal(
                      "batch is malformed; write batch table=users key=id (or key=tenant,id),"
                          + " and perhaps size=1000, duration=100ms, interval=50ms"));
    }

    private void once(String name, @Nullable Object before) {
      if (before != null) {
        throw refusal(name + " is given twice; keep one");
      }
    }

    private Refusal refusal(String what) {
      return new Refusal(script + " line " + Lines.at(text, position) + ": " + what);
    }
  }
}
