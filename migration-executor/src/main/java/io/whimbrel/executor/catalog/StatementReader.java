package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Token.Kind;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the statements of a script one by one, ending each where psql would: at a semicolon outside
 * parentheses and outside the body of a {@code BEGIN ATOMIC} function. No more is kept than one
 * statement, so the data of a COPY has to be read before the next statement is asked for; what was
 * not read is passed over.
 *
 * <p>Asking for a statement throws a {@link Refusal} that names the script, and the line where it
 * can, if the text is not to be read, has changed since its checksum was taken, or holds a command
 * of psql. That a file has changed is known for certain only at its end.
 */
public final class StatementReader implements Iterator<Statement>, AutoCloseable {

  /** So many tokens are kept of a statement; one that has less has no others. */
  static final int HEAD = 64;

  /** So many, if those beyond are outside parentheses. */
  private static final int LONG_HEAD = 256;

  private final String script;
  private final Source source;
  private final Comments comments;
  private @Nullable Text text;
  private @Nullable Statement next;
  private @Nullable CopyLines copy;
  private List<Token> head = new ArrayList<>();
  private int headLine = 1;
  private int count;

  /** Where the text comes from, each time from its beginning. */
  interface Source {
    Reader open() throws IOException;
  }

  /** Hears of the comments that begin with two dashes. */
  interface Comments {
    /**
     * @param line from 1
     * @param top whether no statement has begun before it
     */
    void comment(int line, String comment, boolean top);
  }

  private record Text(Reader reader, CharWindow window, SqlLexer lexer) {}

  StatementReader(String script, Source source, Comments comments) {
    this.script = script;
    this.source = source;
    this.comments = comments;
  }

  StatementReader(String script, Source source) {
    this(script, source, (line, comment, top) -> {});
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = read(opened());
      } catch (UncheckedIOException e) {
        throw refusal(e.getCause());
      } catch (IOException e) {
        throw refusal(e);
      }
    }
    return next != null;
  }

  @Override
  public Statement next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException(script);
    }
    Statement statement = next;
    next = null;
    return statement;
  }

  @Override
  public void close() {
    if (text != null) {
      try {
        text.reader().close();
      } catch (IOException e) {
        // It was only read.
        return;
      }
    }
  }

  private Text opened() throws IOException {
    if (text == null) {
      Reader reader = source.open();
      CharWindow window = new CharWindow(reader);
      text = new Text(reader, window, new SqlLexer(window));
    }
    return text;
  }

  private @Nullable Statement read(Text from) throws IOException {
    if (copy != null) {
      copy.skip();
      copy = null;
    }
    SqlLexer lexer = from.lexer();
    head = new ArrayList<>();
    int blocks = 0;
    boolean afterBegin = false;
    while (lexer.skipSpace(head.isEmpty())) {
      Kind kind = lexer.next();
      if (kind == Kind.COMMENT) {
        tell(from);
        continue;
      }
      if (kind == Kind.BACKSLASH) {
        throw refusal(
            from.window().lineAt(lexer.start()),
            "commands of psql are not SQL; remove the backslash command");
      }
      if (kind == Kind.SEMICOLON && lexer.depth() == 0 && blocks == 0) {
        if (!head.isEmpty()) {
          return finished(from, headLine, lexer.start());
        }
        continue;
      }
      if (head.isEmpty()) {
        headLine = from.window().lineAt(lexer.start());
      }
      Token token = keep(lexer, kind);
      if (token != null && token.depth() == 0) {
        blocks += opened(token, blocks, afterBegin);
        afterBegin = token.is("BEGIN");
      }
    }
    return head.isEmpty() ? null : finished(from, headLine, from.window().offset());
  }

  private void tell(Text from) {
    SqlLexer lexer = from.lexer();
    CharWindow window = from.window();
    String begin = window.text(lexer.start(), lexer.start() + 2);
    if (begin.equals("--")) {
      String comment = window.text(lexer.start(), window.offset()).stripTrailing();
      boolean top = count == 0 && head.isEmpty();
      comments.comment(head.isEmpty() ? window.lineAt(lexer.start()) : headLine, comment, top);
    }
  }

  private @Nullable Token keep(SqlLexer lexer, Kind kind) {
    boolean wanted = head.size() < (lexer.depth() == 0 ? LONG_HEAD : HEAD);
    if (!wanted && (kind != Kind.WORD || lexer.depth() > 0 || !createsRoutine())) {
      return null;
    }
    Token token = lexer.token(kind);
    if (wanted) {
      head.add(token);
    }
    return token;
  }

  // Only in CREATE FUNCTION and CREATE PROCEDURE can BEGIN ATOMIC hold statements, and CASE has an
  // END of its own.
  private int opened(Token token, int blocks, boolean afterBegin) {
    if (blocks == 0) {
      return afterBegin && token.is("ATOMIC") && createsRoutine() ? 1 : 0;
    }
    if (token.is("CASE")) {
      return 1;
    }
    return token.is("END") ? -1 : 0;
  }

  private boolean createsRoutine() {
    if (!head.get(0).is("CREATE")) {
      return false;
    }
    int kind = head.size() > 3 && head.get(1).is("OR") && head.get(2).is("REPLACE") ? 3 : 1;
    return head.size() > kind && (head.get(kind).is("FUNCTION") || head.get(kind).is("PROCEDURE"));
  }

  // What a comment says at the end belongs to the statement, as it may be a marker.
  private Statement finished(Text from, int line, int end) {
    String sql = from.window().text(0, end).stripTrailing();
    from.lexer().outside();
    count++;
    if (head.get(0).is("COPY") && fromStdin()) {
      copy = new CopyLines(script, source, from.window(), count, line);
    }
    Statement statement = new Statement(count, line, sql, copy, head);
    StringSyntax.setBy(statement).ifPresent(from.lexer()::escapesEverywhere);
    return statement;
  }

  private boolean fromStdin() {
    for (int i = 1; i < head.size(); i++) {
      if (head.get(i).is("STDIN") && head.get(i - 1).is("FROM")) {
        return true;
      }
    }
    return false;
  }

  private Refusal refusal(int line, String what) {
    return new Refusal(script + " line " + line + ": " + what);
  }

  private Refusal refusal(@Nullable IOException e) {
    return new Refusal(script + ": " + (e == null ? "cannot be read" : e.getMessage()));
  }
}
