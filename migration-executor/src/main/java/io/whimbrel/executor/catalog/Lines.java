package io.whimbrel.executor.catalog;

/** Line numbers, from 1. */
final class Lines {

  private Lines() {}

  static int at(String text, int position) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }
}
