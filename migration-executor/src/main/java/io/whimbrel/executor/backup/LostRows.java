package io.whimbrel.executor.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Which rows of a file a table has lost: how many follow each other that are kept, then how many
 * that are lost, and so on, so that little memory tells of many rows.
 */
final class LostRows {
  private static final int MEMORY = 16 << 20;

  private final ByteArrayOutputStream runs = new ByteArrayOutputStream();
  private boolean losing;
  private long run;
  private long count;
  private long rows;

  /** The next row of the file. */
  void add(boolean isLost) {
    if (isLost != losing) {
      note();
      losing = isLost;
      run = 0;
    }
    run++;
    rows++;
    count += isLost ? 1 : 0;
  }

  /** How many are lost. */
  long count() {
    return count;
  }

  /** How many rows the file has. */
  long rows() {
    return rows;
  }

  /** Whether there was memory to remember all of them. */
  boolean complete() {
    return runs.size() < MEMORY;
  }

  /** What is left of a file if only the lost rows are read. */
  InputStream in(InputStream file) {
    note();
    run = 0;
    return new Lost(file, new ByteArrayInputStream(runs.toByteArray()));
  }

  /** Seven bits in a byte, the lowest first; all but the last byte have the eighth. */
  private void note() {
    if (complete()) {
      long left = run;
      for (; left > 0x7f; left >>>= 7) {
        runs.write((int) ((left & 0x7f) | 0x80));
      }
      runs.write((int) left);
    }
  }

  private static final class Lost extends FilterInputStream {
    private final InputStream runs;
    private boolean lost = true;
    private long left;

    Lost(InputStream file, InputStream runs) {
      super(file);
      this.runs = runs;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = in.read(into, from, length);
      while (read > 0) {
        int passed = pass(into, from, from + read);
        if (passed > 0) {
          return passed;
        }
        read = in.read(into, from, length);
      }
      return read;
    }

    /** Moves what is lost to the front, and says how much that is. */
    private int pass(byte[] data, int from, int end) throws IOException {
      int to = from;
      int at = from;
      while (at < end) {
        while (left == 0) {
          lost = !lost;
          left = next();
        }
        int begin = at;
        while (at < end && left > 0) {
          if (data[at++] == '\n') {
            left--;
          }
        }
        if (lost) {
          System.arraycopy(data, begin, data, to, at - begin);
          to += at - begin;
        }
      }
      return to - from;
    }

    private long next() throws IOException {
      long value = 0;
      int shift = 0;
      int part = runs.read();
      while (part > 0x7f) {
        value |= (long) (part & 0x7f) << shift;
        shift += 7;
        part = runs.read();
      }
      if (part < 0) {
        throw new IOException("the file has more rows than before");
      }
      return value | (long) part << shift;
    }
  }
}
