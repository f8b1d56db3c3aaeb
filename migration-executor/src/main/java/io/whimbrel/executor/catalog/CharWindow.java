package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * A text seen through a window that moves on: what was read and is no longer wanted is forgotten.
 * Offsets count from the mark, up to which everything may be forgotten, so that they stay true
 * while the window moves.
 */
final class CharWindow {

  /** The most that is kept; a statement of this length takes several times as much to run. */
  static final int LONGEST = 32 << 20;

  private static final int FIRST = 1024;
  private static final int PIECE = 8192;

  private final Reader text;
  // Most scripts are short; a text that does not fit is read in larger pieces.
  private char[] buffer = new char[FIRST];
  private int mark;
  private int position;
  private int limit;
  private boolean ended;
  private int counted;
  private int line = 1;

  CharWindow(Reader text) {
    this.text = text;
  }

  /** Whether there is a character at the present place. */
  boolean more() {
    return position < limit || fill(0);
  }

  /** The character so many places ahead; 0 behind the end. */
  char at(int ahead) {
    return position + ahead < limit || fill(ahead) ? buffer[position + ahead] : '\0';
  }

  boolean has(int ahead) {
    return position + ahead < limit || fill(ahead);
  }

  boolean startsWith(String expected) {
    for (int i = 0; i < expected.length(); i++) {
      if (!has(i) || at(i) != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Goes on, at most to the end. */
  void advance(int by) {
    position = has(by - 1) ? position + by : limit;
  }

  /** Goes to the next of these characters, or to the end. */
  void advanceTo(char one, char other) {
    do {
      for (int i = position; i < limit; i++) {
        if (buffer[i] == one || buffer[i] == other) {
          position = i;
          return;
        }
      }
      position = limit;
    } while (more());
  }

  /** What is before the present place is wanted no longer. */
  void mark() {
    mark = position;
  }

  /** The present place, from the mark. */
  int offset() {
    return position - mark;
  }

  String text(int from, int to) {
    return new String(buffer, mark + from, to - from);
  }

  /** The line of a place that is not before one asked for earlier; from 1. */
  int lineAt(int offset) {
    for (int at = mark + offset; counted < at; counted++) {
      if (buffer[counted] == '\n') {
        line++;
      }
    }
    return line;
  }

  /** Moves characters into an array, up to the next of the given one; 0 if it comes first. */
  int take(char[] into, int from, int length, char before) {
    int end = Math.min(limit, position + length);
    int at = position;
    while (at < end && buffer[at] != before) {
      at++;
    }
    int taken = at - position;
    System.arraycopy(buffer, position, into, from, taken);
    position = at;
    return taken;
  }

  private boolean fill(int ahead) {
    while (!ended && position + ahead >= limit) {
      if (limit == buffer.length) {
        makeRoom();
      }
      try {
        int read = text.read(buffer, limit, buffer.length - limit);
        ended = read < 0;
        limit += Math.max(0, read);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return position + ahead < limit;
  }

  private void makeRoom() {
    if (buffer.length < PIECE) {
      buffer = Arrays.copyOf(buffer, PIECE);
    } else if (mark < buffer.length / 2) {
      if (buffer.length < LONGEST) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      } else if (mark == 0) {
        throw new UncheckedIOException(
            new IOException(
                "holds a statement, a quote or a comment of more than 32 million characters;"
                    + " split it, or load its data with COPY"));
      }
    }
    if (mark > 0) {
      lineAt(0);
      System.arraycopy(buffer, mark, buffer, 0, limit - mark);
      position -= mark;
      limit -= mark;
      counted -= mark;
      mark = 0;
    }
  }
}
