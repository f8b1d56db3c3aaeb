package io.whimbrel.monitoring.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An entry at its place in the trail.
 *
 * @param position from 1, without gaps
 * @param previous the hash of the link before, in hexadecimal; of the first, zeros
 * @param hash SHA-256 over the previous hash, the position and all fields, in hexadecimal
 */
public record Link(long position, AuditEntry entry, String previous, String hash) {

  /** What the first link follows. */
  static final Head NONE = new Head(0, "00".repeat(32));

  /** The end of a trail; who knows an old one can tell that the trail up to it is as it was. */
  public record Head(long position, String hash) {}

  static Link after(Head head, AuditEntry entry) {
    long position = head.position() + 1;
    return new Link(position, entry, head.hash(), hash(position, entry, head.hash()));
  }

  Head head() {
    return new Head(position, hash);
  }

  /** Whether the hash is that of the content. */
  boolean intact() {
    return hash.equals(hash(position, entry, previous));
  }

  /** Lengths stand before texts, so that nothing can move from one field into the next. */
  private static String hash(long position, AuditEntry entry, String previous) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(HexFormat.of().parseHex(previous));
      out.writeLong(position);
      write(out, entry.at().truncatedTo(ChronoUnit.MILLIS).toString());
      write(out, entry.caller());
      write(out, entry.source());
      write(out, entry.command());
      write(out, entry.subject());
      write(out, entry.target());
      write(out, entry.outcome());
      write(out, entry.detail());
      write(out, entry.cause());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(sha256().digest(bytes.toByteArray()));
  }

  private static void write(DataOutputStream out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
