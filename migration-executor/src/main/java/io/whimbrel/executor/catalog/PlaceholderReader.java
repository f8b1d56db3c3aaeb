package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;

/** A text with its placeholders replaced while it is read. */
final class PlaceholderReader extends Reader {

  private static final int LONGEST_NAME = 1000;

  private final Reader text;
  private final CharWindow window;
  private final String prefix;
  private final String suffix;
  private final Values values;
  private String value = "";
  private int given;

  /** What placeholders stand for. */
  interface Values {

    /**
     * @param line of the placeholder in the text, from 1
     * @throws Refusal if it has no value
     */
    String of(String name, int line);
  }

  PlaceholderReader(Reader text, String prefix, String suffix, Values values) {
    this.text = text;
    this.window = new CharWindow(text);
    this.prefix = prefix;
    this.suffix = suffix;
    this.values = values;
  }

  @Override
  public int read(char[] into, int from, int length) throws IOException {
    int read = 0;
    try {
      while (read < length && (given < value.length() || window.more())) {
        read += some(into, from + read, length - read);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return read == 0 && length > 0 ? -1 : read;
  }

  private int some(char[] into, int from, int length) {
    if (given < value.length()) {
      int taken = Math.min(length, value.length() - given);
      value.getChars(given, given + taken, into, from);
      given += taken;
      return taken;
    }
    window.mark();
    int taken = window.take(into, from, length, prefix.charAt(0));
    if (taken > 0) {
      return taken;
    }
    int end = window.startsWith(prefix) ? end() : -1;
    if (end < 0) {
      into[from] = window.at(0);
      window.advance(1);
      return 1;
    }
    value = values.of(window.text(prefix.length(), end), window.lineAt(0));
    given = 0;
    window.advance(end + suffix.length());
    return 0;
  }

  // A name that does not end before the text does is no placeholder.
  private int end() {
    for (int end = prefix.length(); window.has(end); end++) {
      boolean closed = true;
      for (int i = 0; closed && i < suffix.length(); i++) {
        closed = window.at(end + i) == suffix.charAt(i);
      }
      if (closed || end > LONGEST_NAME) {
        return end;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
