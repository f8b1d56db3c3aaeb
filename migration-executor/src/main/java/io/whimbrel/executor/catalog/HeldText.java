package io.whimbrel.executor.catalog;

import java.io.Reader;
import java.io.StringReader;

/** A text that is small enough to be kept. */
record HeldText(String text, int checksum) implements ScriptText {

  HeldText(String text) {
    this(text, Checksum.of(text));
  }

  @Override
  public Reader open() {
    return new StringReader(text);
  }

  @Override
  public String whole() {
    return text;
  }

  /** Leaves out the text: a script does not belong in a log. */
  @Override
  public String toString() {
    return "a script of " + text.length() + " characters";
  }
}
