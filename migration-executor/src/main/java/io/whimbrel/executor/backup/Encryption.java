package io.whimbrel.executor.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** How the bytes of one backup's files are stored: as they are, or encrypted. */
interface Encryption {

  /** As they are. */
  Encryption NONE =
      new Encryption() {
        @Override
        public OutputStream encrypting(OutputStream out, String file) {
          return out;
        }

        @Override
        public InputStream decrypting(InputStream in, String file) {
          return in;
        }
      };

  /**
   * Stores what is written to it; closing it closes what is below.
   *
   * @param file its name, which is sealed with the contents
   */
  OutputStream encrypting(OutputStream out, String file) throws IOException;

  /** Gives back what was stored under that name; anything else is an error when it is read. */
  InputStream decrypting(InputStream in, String file) throws IOException;
}
