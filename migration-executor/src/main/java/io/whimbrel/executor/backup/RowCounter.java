package io.whimbrel.executor.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * Counts the rows of a COPY in text format: each is a line, line ends within values are escaped.
 */
final class RowCounter extends FilterOutputStream {
  private final LongConsumer counted;
  private long rows;
  private boolean lineOpen;

  RowCounter(OutputStream out, LongConsumer counted) {
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
    for (int i = from; i < from + length; i++) {
      if (data[i] == '\n') {
        rows++;
      }
    }
    if (length > 0) {
      lineOpen = data[from + length - 1] != '\n';
    }
    counted.accept(rows);
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
