package io.whimbrel.executor.backup;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A key that backups are encrypted with: 32 random bytes. Each file has a key of its own, derived
 * from it (AES-256-GCM with HKDF, in segments of 1 MB), and is bound to its run and its name.
 */
public final class BackupKey {
  private static final int BYTES = 32;
  private static final int SEGMENT = 1 << 20;
  private static final int ID_DIGITS = 16;

  private final String id;
  private final AesGcmHkdfStreaming streaming;

  private BackupKey(byte[] key) throws GeneralSecurityException {
    MessageDigest digest = BackupFiles.sha256();
    digest.update("whimbrel backup key".getBytes(StandardCharsets.US_ASCII));
    this.id = HexFormat.of().formatHex(digest.digest(key)).substring(0, ID_DIGITS);
    this.streaming = new AesGcmHkdfStreaming(key, "HmacSha256", BYTES, SEGMENT, 0);
  }

  /**
   * Reads a key, as {@code openssl rand -base64 32} writes it.
   *
   * @throws IllegalArgumentException saying what is wrong, without the key
   */
  public static BackupKey of(String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64.strip());
      if (key.length == BYTES) {
        return new BackupKey(key);
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // Its message may repeat the key.
    }
    throw new IllegalArgumentException(
        "a backup key is 32 bytes in Base64, as `openssl rand -base64 32` writes them");
  }

  /** Names the key and tells nothing of it. */
  public String id() {
    return id;
  }

  Encryption of(UUID run) {
    return new Encryption() {
      @Override
      public OutputStream encrypting(OutputStream out, String file) throws IOException {
        try {
          return streaming.newEncryptingStream(out, bound(run, file));
        } catch (GeneralSecurityException e) {
          throw new IOException(file + " cannot be encrypted", e);
        }
      }

      @Override
      public InputStream decrypting(InputStream in, String file) throws IOException {
        try {
          return streaming.newDecryptingStream(in, bound(run, file));
        } catch (GeneralSecurityException e) {
          throw new IOException(file + " cannot be decrypted", e);
        }
      }
    };
  }

  private static byte[] bound(UUID run, String file) {
    return ("whimbrel backup " + run + " " + file).getBytes(StandardCharsets.UTF_8);
  }
}
