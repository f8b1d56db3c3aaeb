package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Flyway's checksum: CRC-32 of the lines in UTF-8, without line ends and byte order mark. Takes the
 * text in pieces, as a script may be larger than the memory.
 */
public final class Checksum {

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int PIECE = 8192;

  private final CRC32 crc = new CRC32();
  private final CharBuffer chars = CharBuffer.allocate(PIECE);
  private final ByteBuffer bytes = ByteBuffer.allocate(3 * PIECE);
  private final CharsetEncoder encoder =
      StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  Checksum() {}

  public static int of(String text) {
    byte[] bytes = withoutMark(text).getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    int line = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        crc.update(bytes, line, i - line);
        line = i + 1;
      }
    }
    crc.update(bytes, line, bytes.length - line);
    return (int) crc.getValue();
  }

  /** Of a text from which the byte order mark has been taken; the reader stays open. */
  static int of(Reader text) throws IOException {
    Checksum checksum = new Checksum();
    char[] piece = new char[PIECE];
    for (int length = text.read(piece); length >= 0; length = text.read(piece)) {
      checksum.update(piece, 0, length);
    }
    return checksum.value();
  }

  void update(char[] text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (text[i] != '\n' && text[i] != '\r') {
        chars.put(text[i]);
        if (!chars.hasRemaining()) {
          encode(false);
        }
      }
    }
  }

  /** Of all that was given; nothing can be added then. */
  int value() {
    encode(true);
    return (int) crc.getValue();
  }

  // The first half of a surrogate pair stays until the other half has come.
  private void encode(boolean last) {
    encoder.encode(chars.flip(), bytes, last);
    crc.update(bytes.flip());
    bytes.clear();
    chars.compact();
  }

  static String withoutMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  static boolean isMark(int character) {
    return character == BYTE_ORDER_MARK;
  }
}
