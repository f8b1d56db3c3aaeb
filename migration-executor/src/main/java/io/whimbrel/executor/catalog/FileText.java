package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text that stays in its file. */
record FileText(Path file, Charset encoding, int checksum) implements ScriptText {

  /** Files up to this size are kept, as nearly all scripts are small and read several times. */
  private static final int HELD_BYTES = 16 << 10;

  private static final String UNREADABLE = "cannot be read; check its mode";

  static ScriptText read(Path file, Charset encoding) {
    byte[] begin = begin(file);
    try {
      if (begin.length <= HELD_BYTES) {
        return new HeldText(
            Checksum.withoutMark(
                encoding
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(begin))
                    .toString()));
      }
      try (Reader text = new Decoded(file, encoding)) {
        return new FileText(file, encoding, Checksum.of(text));
      }
    } catch (CharacterCodingException e) {
      throw new Refusal(invalid(encoding));
    } catch (IOException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] begin(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return bytes.readNBytes(HELD_BYTES + 1);
    } catch (IOException e) {
      throw new Refusal(UNREADABLE);
    }
  }

  private static String invalid(Charset encoding) {
    return "is not valid " + encoding + "; convert it to " + encoding;
  }

  @Override
  public Reader open() throws IOException {
    return new Proven(new Decoded(file, encoding), checksum);
  }

  /** Characters, without byte order mark; complains in our words. */
  private static final class Decoded extends Reader {

    private final Charset encoding;
    private final PushbackReader text;

    Decoded(Path file, Charset encoding) throws IOException {
      this.encoding = encoding;
      try {
        this.text =
            new PushbackReader(
                new InputStreamReader(
                    Files.newInputStream(file),
                    encoding.newDecoder().onMalformedInput(CodingErrorAction.REPORT)));
      } catch (IOException e) {
        throw new IOException(UNREADABLE, e);
      }
      int first = checked(text::read);
      if (first >= 0 && !Checksum.isMark(first)) {
        text.unread(first);
      }
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
      return checked(() -> text.read(into, from, length));
    }

    private interface Reading {
      int read() throws IOException;
    }

    private int checked(Reading reading) throws IOException {
      try {
        return reading.read();
      } catch (CharacterCodingException e) {
        close();
        throw new IOException(invalid(encoding), e);
      } catch (IOException e) {
        close();
        throw new IOException(UNREADABLE, e);
      }
    }

    @Override
    public void close() throws IOException {
      text.close();
    }
  }

  /** Says at the end whether the text is still the one that the checksum was taken of. */
  private static final class Proven extends Reader {

    private final Reader text;
    private final int expected;
    private final Checksum checksum = new Checksum();
    private boolean ended;

    Proven(Reader text, int expected) {
      this.text = text;
      this.expected = expected;
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
      int read = ended ? -1 : text.read(into, from, length);
      if (read >= 0) {
        checksum.update(into, from, read);
      } else if (!ended) {
        ended = true;
        if (checksum.value() != expected) {
          throw new IOException("has changed while it was in use; request the run again");
        }
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      text.close();
    }
  }
}
