package io.whimbrel.executor.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Flyway's checksum: CRC-32 of the lines in UTF-8, without line ends and byte order mark. */
public final class Checksum {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Checksum() {}

  public static int of(String text) {
    CRC32 crc = new CRC32();
    String content = withoutMark(text);
    try (BufferedReader lines = new BufferedReader(new StringReader(content))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        crc.update(line.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return (int) crc.getValue();
  }

  static String withoutMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }
}
