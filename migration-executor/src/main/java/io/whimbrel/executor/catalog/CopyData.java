package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.io.Reader;

/** The lines that follow {@code COPY ... FROM STDIN} in a script, each with its line end. */
public interface CopyData {

  /**
   * The lines, from the first. What is opened first reads them where the script stands, so it has
   * to be done with before the script's next statement is asked for; what is opened later reads the
   * script anew.
   */
  Reader open() throws IOException;
}
