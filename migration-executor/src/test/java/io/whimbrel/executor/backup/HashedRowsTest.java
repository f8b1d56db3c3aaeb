package io.whimbrel.executor.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashedRowsTest {
  private static final String LEAST = String.valueOf(Long.MIN_VALUE);
  private static final String MOST = String.valueOf(Long.MAX_VALUE);

  /** Wherever what is written is cut. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void hashesAreAddedUpAndLeftOut(int piece) throws IOException {
    assertRows(piece, "", "", "0");
    assertRows(piece, "5\ta\tb\n-7\t\t\\N\n0\t-1\t2\n", "a\tb\n\t\\N\n-1\t2\n", "-2");
    assertRows(piece, "3\n4\n", "\n\n", "7");
    assertRows(piece, (MOST + "\tx\n").repeat(3), "x\n".repeat(3), MOST, MOST, MOST);
    assertRows(piece, (LEAST + "\tx\n").repeat(2) + "-1\ty\n", "x\nx\ny\n", LEAST, LEAST, "-1");
  }

  private static void assertRows(int piece, String copied, String rows, String... hashes)
      throws IOException {
    var written = new ByteArrayOutputStream();
    BigInteger sum = BigInteger.ZERO;
    for (String hash : hashes) {
      sum = sum.add(new BigInteger(hash));
    }
    try (var hashed = new HashedRows(written)) {
      byte[] data = copied.getBytes(UTF_8);
      for (int at = 0; at < data.length; at += piece) {
        hashed.write(data, at, Math.min(piece, data.length - at));
      }
      assertThat(hashed.sum()).isEqualTo(sum);
    }
    assertThat(written.toString(UTF_8)).isEqualTo(rows);
  }
}
