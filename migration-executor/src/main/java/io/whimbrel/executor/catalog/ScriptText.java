package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * The text of a script, where it is. A file is read anew each time, as it may be larger than the
 * memory; whoever has read it to its end has read the text that the checksum is of.
 */
public interface ScriptText {

  /**
   * The text without byte order mark.
   *
   * @throws IOException then or while it is read, in words fit to follow the script's name, if the
   *     file cannot be read, is not in its encoding, or has changed since the checksum was taken
   */
  Reader open() throws IOException;

  /** Flyway's, of the whole text. */
  int checksum();

  /** The whole text at once, for uses that know it to be small. */
  default String whole() throws IOException {
    StringWriter whole = new StringWriter();
    try (Reader text = open()) {
      text.transferTo(whole);
    }
    return whole.toString();
  }

  static ScriptText of(String text) {
    return new HeldText(Checksum.withoutMark(text));
  }

  /**
   * The text of a file, which is read once for its checksum.
   *
   * @throws Refusal in words fit to follow the script's name, if it cannot be read or is not in
   *     this encoding
   */
  static ScriptText in(Path file, Charset encoding) {
    return FileText.read(file, encoding);
  }
}
