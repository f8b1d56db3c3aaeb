package io.whimbrel.executor.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;

/**
 * Rows of a COPY in text format that each begin with their hash: passes on what comes behind it,
 * and adds the hashes up.
 */
final class HashedRows extends FilterOutputStream {
  /** So many 32-bit halves fit into a long, whatever they are. */
  private static final int ADDED_AT_MOST = 1 << 30;

  private BigInteger sum = BigInteger.ZERO;
  private long upperHalves;
  private long lowerHalves;
  private int added;

  private boolean inHash = true;
  private boolean negative;
  private long digits;

  HashedRows(OutputStream rows) {
    super(rows);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] data, int from, int length) throws IOException {
    int end = from + length;
    int at = from;
    while (at < end) {
      if (inHash) {
        at = hash(data, at, end);
      }
      int begin = at;
      while (at < end && !inHash) {
        inHash = data[at++] == '\n';
      }
      out.write(data, begin, at - begin);
    }
  }

  /** Reads up to what ends the hash: a tab, or of a table without columns the end of the line. */
  private int hash(byte[] data, int from, int end) {
    for (int at = from; at < end; at++) {
      byte b = data[at];
      if (b == '\t' || b == '\n') {
        add(negative ? -digits : digits);
        inHash = false;
        negative = false;
        digits = 0;
        return b == '\t' ? at + 1 : at;
      }
      if (b == '-') {
        negative = true;
      } else {
        digits = digits * 10 + (b - '0');
      }
    }
    return end;
  }

  private void add(long hash) {
    upperHalves += hash >> Integer.SIZE;
    lowerHalves += hash & 0xffffffffL;
    if (++added == ADDED_AT_MOST) {
      carry();
    }
  }

  private void carry() {
    sum =
        sum.add(BigInteger.valueOf(upperHalves).shiftLeft(Integer.SIZE))
            .add(BigInteger.valueOf(lowerHalves));
    upperHalves = 0;
    lowerHalves = 0;
    added = 0;
  }

  /** The sum of the hashes so far. */
  BigInteger sum() {
    carry();
    return sum;
  }
}
