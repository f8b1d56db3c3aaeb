package io.whimbrel.executor.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Counts the rows of a COPY in text format: each is a line, line ends within values are escaped.
 */
final class RowCounter extends FilterOutputStream {
  private final Counted counted;
  private long rows;
  private boolean lineOpen;

  /** Told of each buffer; what it throws breaks the copy off. */
  @FunctionalInterface
  interface Counted {
    void more(long rows, long bytes);
  }

  RowCounter(OutputStream out, Counted counted) {
    super(out);
    this.counted = counted;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] data, int from, int length) throws IOException {
    out.write(data, from, length);
    long before = rows;
    for (int i = from; i < from + length; i++) {
      if (data[i] == '\n') {
        rows++;
      }
    }
    if (length > 0) {
      lineOpen = data[from + length - 1] != '\n';
    }
    counted.more(rows - before, length);
  }

  /** The complete rows so far. */
  long rows() {
    return rows;
  }

  /** Whether what was written ends in the middle of a row. */
  boolean endsWithinRow() {
    return lineOpen;
  }
}
