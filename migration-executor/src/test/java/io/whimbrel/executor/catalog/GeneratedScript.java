package io.whimbrel.executor.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** A script of random statements that is as hard to split as the grammar allows. */
final class GeneratedScript {

  private static final List<String> WORDS =
      List.of("a", "_b", "c$1", "été", "e", "E1", "x", "n", "u", "begin1", "end_", "\"q;\"\"--\"");
  private static final List<String> GAPS =
      List.of(" ", "\n", "\r\n", "\t", " \f", " -- a; 'b\n", "/* ; ' */", "/* /* ; */ $$ */", " ");
  private static final List<String> INSIDE =
      List.of("a", ";", "--", "/*", "*/", "\n", "(", "]", "e", "\\\\", " ", "ü", "😀", "::", "0");

  private final Random random;
  private final boolean everything;
  private final List<String> statements = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  /**
   * @param everything also what the driver does not know: functions with {@code BEGIN ATOMIC}, and
   *     strings that go on with escapes in another line
   */
  GeneratedScript(long seed, boolean everything) {
    this.random = new Random(seed);
    this.everything = everything;
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      String statement = statement();
      statements.add(statement);
      text.append(emptyStatements()).append(statement);
      if (i < count - 1 || random.nextBoolean()) {
        text.append(maybeGap()).append(';');
      }
    }
    text.append(random.nextBoolean() ? "\n-- the end;" : "");
  }

  /** What the script is made of, without the semicolons and the gaps between them. */
  List<String> statements() {
    return statements;
  }

  String text() {
    return text.toString();
  }

  private String emptyStatements() {
    return random.nextInt(4) == 0 ? maybeGap() + ";" + maybeGap() : maybeGap();
  }

  private String statement() {
    return switch (random.nextInt(everything ? 7 : 5)) {
      case 0 -> "select" + gap() + expressions();
      case 1 -> "insert into" + gap() + word() + gap() + "values" + maybeGap() + row();
      case 2 -> "do" + gap() + dollarQuoted();
      case 3 -> "create rule r as on insert to a do also" + gap() + rule();
      case 4 ->
          "select case when true then" + gap() + expression() + gap() + "end" + gap() + "as x";
      case 5 -> "create function f()" + gap() + "returns int begin" + gap() + "atomic" + body();
      default -> "create or replace procedure p() begin atomic" + body();
    };
  }

  private String rule() {
    return "(select 1"
        + maybeGap()
        + ";"
        + maybeGap()
        + "delete from"
        + gap()
        + "a"
        + maybeGap()
        + ")";
  }

  private String body() {
    StringBuilder body = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      body.append(gap()).append("select case when true then ").append(expression());
      body.append(gap()).append("end").append(maybeGap()).append(";");
    }
    return body.append(gap()).append("end").toString();
  }

  private String row() {
    return "(" + expressions() + maybeGap() + ")";
  }

  private String expressions() {
    StringBuilder all = new StringBuilder(expression());
    for (int i = random.nextInt(4); i > 0; i--) {
      all.append(maybeGap()).append(",").append(maybeGap()).append(expression());
    }
    return all.toString();
  }

  private String expression() {
    List<Supplier<String>> kinds =
        List.of(
            () -> "'" + inside("'", "''") + "'",
            () -> "E'" + inside("'", "\\'") + "'",
            () -> everything ? "e'" + inside("'", "''") + "'\n  '" + inside("'", "\\'") + "'" : "0",
            () -> "'" + inside("'", "''").replace("\\", "") + "\\'",
            () -> "U&'" + inside("'", "''").replace("\\", "") + "'",
            () -> "B'01'",
            this::dollarQuoted,
            this::word,
            () -> "(" + maybeGap() + "1" + maybeGap() + ")",
            () -> "1.5e3",
            () -> "a[1]",
            () -> "1 - -1",
            () -> "a -> 'b'");
    return kinds.get(random.nextInt(kinds.size())).get();
  }

  private String dollarQuoted() {
    String tag = random.nextBoolean() ? "$$" : "$t" + random.nextInt(3) + "_$";
    String other = tag.equals("$$") ? "$x" : "$$";
    return tag + inside("'", "'" + other) + tag;
  }

  private String inside(String quote, String escaped) {
    StringBuilder inside = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      String piece = random.nextInt(4) == 0 ? quote : INSIDE.get(random.nextInt(INSIDE.size()));
      inside.append(piece.equals(quote) ? escaped : piece);
    }
    return inside.toString();
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private String gap() {
    return " " + GAPS.get(random.nextInt(GAPS.size())) + " ";
  }

  private String maybeGap() {
    return random.nextInt(3) == 0 ? gap() : "";
  }
}
