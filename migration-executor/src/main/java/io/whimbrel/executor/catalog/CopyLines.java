package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The data of a COPY at the place where its script is being read. */
final class CopyLines implements CopyData {

  private final String script;
  private final StatementReader.Source source;
  private final CharWindow window;
  private final int number;
  private final int line;
  private @Nullable Lines live;

  CopyLines(String script, StatementReader.Source source, CharWindow window, int number, int line) {
    this.script = script;
    this.source = source;
    this.window = window;
    this.number = number;
    this.line = line;
  }

  @Override
  public Reader open() throws IOException {
    if (live == null) {
      live = new Lines(window, null);
      return live;
    }
    StatementReader again = new StatementReader(script, source);
    Statement statement = again.next();
    while (statement.number() < number) {
      statement = again.next();
    }
    if (!(statement.copyData() instanceof CopyLines copy)) {
      again.close();
      throw new IOException("has changed while it was in use; request the run again");
    }
    return new Lines(copy.window, again);
  }

  /** Passes over what was not read. */
  void skip() throws IOException {
    Reader rest = live == null ? open() : live;
    char[] piece = new char[8192];
    while (rest.read(piece) >= 0) {}
  }

  private final class Lines extends Reader {

    private final CharWindow text;
    private final @Nullable StatementReader owned;
    private boolean begun;
    private boolean lineStart = true;
    private boolean ended;

    Lines(CharWindow text, @Nullable StatementReader owned) {
      this.text = text;
      this.owned = owned;
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
      try {
        begin();
        int read = 0;
        while (read < length && !atEnd()) {
          read += some(into, from + read, length - read);
        }
        return read == 0 && length > 0 ? -1 : read;
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    // The data begins on the line after the statement.
    private void begin() {
      if (!begun) {
        begun = true;
        text.mark();
        text.advanceTo('\n', '\n');
        text.advance(1);
      }
    }

    private boolean atEnd() {
      text.mark();
      if (!ended && lineStart && atEndMarker()) {
        text.advanceTo('\n', '\n');
        ended = true;
      }
      if (!ended && !text.more()) {
        throw new Refusal(
            script
                + " line "
                + line
                + ": the data of COPY has no end; write \\. on a line of its own after it");
      }
      return ended;
    }

    private boolean atEndMarker() {
      if (!text.startsWith("\\.")) {
        return false;
      }
      int ahead = 2;
      while (text.has(ahead) && text.at(ahead) != '\n' && text.at(ahead) <= ' ') {
        ahead++;
      }
      return !text.has(ahead) || text.at(ahead) == '\n';
    }

    private int some(char[] into, int from, int length) {
      int taken = text.take(into, from, length, '\n');
      lineStart = taken == 0;
      if (taken == 0) {
        into[from] = '\n';
        text.advance(1);
        return 1;
      }
      return taken;
    }

    @Override
    public void close() {
      if (owned != null) {
        owned.close();
      }
    }
  }
}
