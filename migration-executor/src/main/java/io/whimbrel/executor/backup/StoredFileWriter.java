package io.whimbrel.executor.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Writes one file of a backup and says afterwards what it holds. */
final class StoredFileWriter extends FilterOutputStream {
  private final String name;
  private final MessageDigest digest = BackupFiles.sha256();
  private long bytes;

  StoredFileWriter(BackupPlace.Draft draft, String name) throws IOException {
    super(draft.create(name));
    this.name = name;
  }

  static BackupManifest.StoredFile text(
      BackupPlace.Draft draft, String name, String text, Encryption encryption) throws IOException {
    var writer = new StoredFileWriter(draft, name);
    try (writer;
        OutputStream encrypting = encryption.encrypting(writer, name)) {
      encrypting.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return writer.stored();
  }

  String name() {
    return name;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] data, int from, int length) throws IOException {
    out.write(data, from, length);
    digest.update(data, from, length);
    bytes += length;
  }

  /** What was written, once it is closed. */
  BackupManifest.StoredFile stored() {
    return new BackupManifest.StoredFile(name, bytes, BackupFiles.hex(digest));
  }
}
