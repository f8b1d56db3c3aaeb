package io.whimbrel.executor.backup;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The files of one backup, as they were before they were compressed and encrypted. */
record StoredFiles(BackupPlace place, Encryption encryption) {
  private static final int BUFFER = 1 << 16;

  /** The rows of a table, as COPY writes them. */
  InputStream rows(BackupManifest.StoredFile file) throws IOException {
    return new ZstdInputStream(open(file.name()));
  }

  /** The rows in a file that someone else has opened and closes. */
  InputStream rows(InputStream raw, BackupManifest.StoredFile file) throws IOException {
    return new ZstdInputStream(
        encryption.decrypting(new BufferedInputStream(raw, BUFFER), file.name()));
  }

  byte[] read(String name) throws IOException {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  /** The file, decrypted. */
  InputStream open(String name) throws IOException {
    InputStream raw = new BufferedInputStream(place.read(name), BUFFER);
    return encryption.decrypting(raw, name);
  }
}
