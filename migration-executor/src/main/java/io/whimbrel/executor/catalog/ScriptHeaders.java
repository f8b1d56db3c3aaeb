package io.whimbrel.executor.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * -- whimbrel:lock-budget 10m
 * -- whimbrel:statement-timeout 30m
 * -- whimbrel:idle-timeout 5m
 * -- whimbrel:batch table=users key=id size=auto
 * </pre>
 *
 * @param dependsOn names of migrations that have to be applied before
 * @param verify queries that have to return true before the script's transaction commits
 * @param timeouts instead of the target's own
 * @param batch how to cut a data migration into batches
 */
public record ScriptHeaders(
    List<String> dependsOn,
    List<String> verify,
    ScriptTimeouts timeouts,
    Optional<BatchHeader> batch) {

  private static final String LOCK_TIMEOUT = "lock-timeout";
  private static final String LOCK_BUDGET = "lock-budget";
  private static final String STATEMENT_TIMEOUT = "statement-timeout";
  private static final String IDLE_TIMEOUT = "idle-timeout";

  private static final Pattern HEADER = Pattern.compile("--\\s*whimbrel:(\\S*)\\s*(.*)");
  private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,8})(ms|s|m)");

  public ScriptHeaders {
    dependsOn = List.copyOf(dependsOn);
    verify = List.copyOf(verify);
  }

  /**
   * Reads a text as far as its first statement.
   *
   * @throws Refusal naming script, line and remedy, if a header is malformed, unknown or repeated
   */
  static ScriptHeaders atTop(String script, StatementReader.Source text) {
    Parser parser = new Parser(script);
    try (StatementReader statements = new StatementReader(script, text, parser)) {
      boolean unused = statements.hasNext();
    }
    return parser.headers();
  }

  /** Collects the headers of a script that is being read; refuses one that is not at the top. */
  static final class Parser implements StatementReader.Comments {

    private final String script;
    private final List<String> dependsOn = new ArrayList<>();
    private final List<String> verify = new ArrayList<>();
    private final Map<String, Duration> timeouts = new HashMap<>();
    private @Nullable BatchHeader batch;
    private int line;

    Parser(String script) {
      this.script = script;
    }

    @Override
    public void comment(int at, String comment, boolean top) {
      Matcher matcher = HEADER.matcher(comment);
      if (matcher.matches()) {
        line = at;
        header(top, matcher.group(1), matcher.group(2));
      }
    }

    private void header(boolean top, String name, String value) {
      if (!top) {
        throw refusal("a header has to stand before the first statement; move it to the top");
      }
      switch (name) {
        case "depends-on" -> dependsOn.addAll(names(value));
        case "verify" -> verify.add(query(value));
        case LOCK_TIMEOUT, IDLE_TIMEOUT -> timeout(name, positive(name, value));
        case LOCK_BUDGET, STATEMENT_TIMEOUT ->
            timeout(name, value.strip().equals("0") ? Duration.ZERO : positive(name, value));
        case "batch" -> {
          once("batch", batch);
          batch = batch(value);
        }
        default ->
            throw refusal(
                "this header is not known; use depends-on, verify, lock-timeout, lock-budget,"
                    + " statement-timeout, idle-timeout or batch");
      }
    }

    ScriptHeaders headers() {
      return new ScriptHeaders(
          dependsOn,
          verify,
          new ScriptTimeouts(
              timeout(LOCK_TIMEOUT),
              timeout(LOCK_BUDGET),
              timeout(STATEMENT_TIMEOUT),
              timeout(IDLE_TIMEOUT)),
          Optional.ofNullable(batch));
    }

    private Optional<Duration> timeout(String name) {
      return Optional.ofNullable(timeouts.get(name));
    }

    private void timeout(String name, Duration value) {
      once(name, timeouts.put(name, value));
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

    private Duration positive(String name, String value) {
      Matcher matcher = DURATION.matcher(value.strip());
      if (!matcher.matches()) {
        throw refusal(name + " is not a time; write a number and its unit, such as 500ms or 2s");
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
      return new Refusal(script + " line " + line + ": " + what);
    }
  }
}
