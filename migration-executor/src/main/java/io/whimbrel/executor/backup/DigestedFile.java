package io.whimbrel.executor.backup;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;

/** A file that is read, and what it was as far as it was read. */
final class DigestedFile extends DigestInputStream {
  private long bytes;

  DigestedFile(InputStream in) {
    super(in, BackupFiles.sha256());
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    bytes += read < 0 ? 0 : 1;
    return read;
  }

  @Override
  public int read(byte[] data, int from, int length) throws IOException {
    int read = super.read(data, from, length);
    bytes += Math.max(read, 0);
    return read;
  }

  long bytes() {
    return bytes;
  }

  String sha256() {
    return BackupFiles.hex(getMessageDigest());
  }
}
