package io.whimbrel.executor.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LostRowsTest {

  @Test
  void whatATableHasLostIsFoundAndReadAgain() throws IOException {
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      int columns = 1 + random.nextInt(4);
      boolean[] inKey = key(random, columns);
      var file = new StringBuilder();
      var kept = new ArrayList<String>();
      var lost = new StringBuilder();
      int rows = random.nextInt(random.nextBoolean() ? 10 : 600);
      int share = random.nextInt(5);
      for (int id = 0; id < rows; id++) {
        List<String> values = values(random, columns, inKey, id);
        String line = String.join("\t", values) + "\n";
        file.append(line);
        if (random.nextInt(4) < share) {
          lost.append(line);
        } else {
          kept.add(keyOf(values, inKey));
        }
      }

      try (var copied = new CopiedRows(pieces(random, file.toString()), inKey)) {
        for (String row : kept) {
          copied.write(row.getBytes(UTF_8));
        }
        LostRows found = copied.lost();

        assertThat(copied.aligned()).as("seed %d", seed).isTrue();
        assertThat(found.rows()).isEqualTo(rows);
        assertThat(found.count()).isEqualTo(rows - kept.size());
        try (InputStream again = found.in(pieces(random, file.toString()))) {
          assertThat(new String(again.readAllBytes(), UTF_8))
              .as("seed %d", seed)
              .isEqualTo(lost.toString());
        }
      }
    }
  }

  @Test
  void aRowThatTheFileDoesNotHaveIsNotFound() throws IOException {
    assertThat(aligned("1\ta\n2\tb\n", "1\n", "3\n")).isFalse();
    assertThat(aligned("1\ta\n2\tb\n", "2\n", "1\n")).isFalse();
    assertThat(aligned("12\ta\n", "1\n")).isFalse();
    assertThat(aligned("1\ta\n", "12\n")).isFalse();
    assertThat(aligned("", "1\n")).isFalse();
    assertThat(aligned("1\ta\n2\tb\n", "1\n", "2\n")).isTrue();
  }

  @Test
  void aFileThatEndsWithinARowIsRefused() {
    assertThatThrownBy(() -> aligned("1\ta\n2", "2\n")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> aligned("1\ta\n2\tb", "2\n")).isInstanceOf(IOException.class);
  }

  private static boolean aligned(String file, String... keys) throws IOException {
    boolean[] first = {true, false};
    try (var copied = new CopiedRows(new ByteArrayInputStream(file.getBytes(UTF_8)), first)) {
      for (String key : keys) {
        copied.write(key.getBytes(UTF_8));
      }
      return copied.aligned();
    }
  }

  private static boolean[] key(Random random, int columns) {
    boolean[] inKey = new boolean[columns];
    for (int i = 0; i < columns; i++) {
      inKey[i] = random.nextBoolean();
    }
    inKey[random.nextInt(columns)] = true;
    return inKey;
  }

  /** Each row differs from the others in its key. */
  private static List<String> values(Random random, int columns, boolean[] inKey, int id) {
    var values = new ArrayList<String>();
    boolean told = false;
    for (int i = 0; i < columns; i++) {
      String value = "x\\t".repeat(random.nextInt(3));
      values.add(inKey[i] && !told ? value + id : value);
      told |= inKey[i];
    }
    return values;
  }

  private static String keyOf(List<String> values, boolean[] inKey) {
    var key = new ArrayList<String>();
    for (int i = 0; i < inKey.length; i++) {
      if (inKey[i]) {
        key.add(values.get(i));
      }
    }
    return String.join("\t", key) + "\n";
  }

  /** Gives a few bytes at a time. */
  private static InputStream pieces(Random random, String text) {
    int most = 1 + random.nextInt(40);
    return new ByteArrayInputStream(text.getBytes(UTF_8)) {
      @Override
      public synchronized int read(byte[] into, int from, int length) {
        return super.read(into, from, Math.min(length, most));
      }
    };
  }
}
