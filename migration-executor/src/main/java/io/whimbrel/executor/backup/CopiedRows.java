package io.whimbrel.executor.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The rows of a table that PostgreSQL copies out now, beside those of a file that were copied out
 * before. Takes the former, each in one call, in the order in which the latter are, and notes which
 * rows of the file are not among them.
 */
final class CopiedRows extends OutputStream {
  private final InputStream file;
  private final boolean[] inKey;
  private final int lastOfKey;
  private final byte[] buffer = new byte[1 << 16];
  private final LostRows lost = new LostRows();
  private int at;
  private int end;
  private boolean aligned = true;

  /**
   * @param file of all stored columns, in the text format of COPY
   * @param inKey of each stored column, whether it is among those that are copied out now
   */
  CopiedRows(InputStream file, boolean[] inKey) {
    this.file = file;
    this.inKey = inKey.clone();
    int last = 0;
    for (int i = 0; i < inKey.length; i++) {
      last = inKey[i] ? i : last;
    }
    this.lastOfKey = last;
  }

  @Override
  public void write(int b) {
    throw new UnsupportedOperationException("rows come whole");
  }

  @Override
  public void write(byte[] data, int from, int length) throws IOException {
    while (aligned) {
      if (!more()) {
        aligned = false;
      } else if (nextIs(data, from, from + length)) {
        lost.add(false);
        return;
      } else {
        lost.add(true);
      }
    }
  }

  /** Whether every row that was copied out has been found in the file. */
  boolean aligned() {
    return aligned;
  }

  /** What was not copied out, to the end of the file. */
  LostRows lost() throws IOException {
    byte[] none = {};
    while (aligned && more()) {
      nextIs(none, 0, 0);
      lost.add(true);
    }
    return lost;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Goes over the next row of the file; whether it has these values. */
  private boolean nextIs(byte[] values, int from, int to) throws IOException {
    int compared = from;
    int field = 0;
    boolean same = true;
    while (more()) {
      byte b = buffer[at++];
      if (same && inKey[field]) {
        same = compared < to && (values[compared] == b || (ends(b) && ends(values[compared])));
        compared++;
      }
      if (b == '\n') {
        return same && compared == to;
      }
      if (b == '\t') {
        field++;
      }
      if (!same || field > lastOfKey) {
        skip();
        return same && compared == to;
      }
    }
    throw new IOException("the file ends within a row");
  }

  /** A value ends with a tab or the line; within one, COPY spells both differently. */
  private static boolean ends(byte b) {
    return b == '\t' || b == '\n';
  }

  /** Goes on behind the end of the row. */
  private void skip() throws IOException {
    while (more()) {
      while (at < end) {
        if (buffer[at++] == '\n') {
          return;
        }
      }
    }
    throw new IOException("the file ends within a row");
  }

  private boolean more() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, file.read(buffer));
    }
    return at < end;
  }
}
