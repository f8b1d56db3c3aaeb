package io.whimbrel.executor.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * Where the files of one backup are, or will be. Its text names the place to people. What it throws
 * says what went wrong there and what to do.
 */
public interface BackupPlace {
  /** The file that makes the others a backup. */
  String MANIFEST = "manifest.json";

  /** Begins to write; what an attempt before has left there is removed. */
  Draft begin() throws IOException;

  /**
   * Reads a file.
   *
   * @throws NoSuchFileException if there is none of that name
   */
  InputStream read(String file) throws IOException;

  /** The names of the files that are there. */
  List<String> files() throws IOException;

  /**
   * Removes every file, the manifest first, so that what is left of it is no backup; and what an
   * attempt has left.
   */
  void remove() throws IOException;

  /** Files that are being written; they become a backup when they are published, or they go. */
  interface Draft {
    /** A new file, which is safe once it is closed; files may be written at the same time. */
    OutputStream create(String file) throws IOException;

    /**
     * How many bytes may still be written there; {@link Long#MAX_VALUE} if nobody knows a limit.
     */
    long room() throws IOException;

    /** The manifest was the last file. */
    void publish() throws IOException;

    /** Removes what was written, as far as that can be done. */
    void discard();
  }
}
