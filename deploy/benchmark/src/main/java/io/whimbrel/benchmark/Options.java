package io.whimbrel.benchmark;

import java.util.List;

/**
 * What to measure.
 *
 * @param count migrations
 * @param rounds measurements of each contender
 */
record Options(String what, int count, int rounds) {

  private static final List<String> KNOWN = List.of("small-migrations", "nothing-to-do");

  static Options parse(String[] arguments) {
    String what = KNOWN.get(0);
    int count = 1000;
    int rounds = 5;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (KNOWN.contains(argument)) {
        what = argument;
      } else if (argument.equals("--count") && i + 1 < arguments.length) {
        count = Integer.parseInt(arguments[++i]);
      } else if (argument.equals("--rounds") && i + 1 < arguments.length) {
        rounds = Integer.parseInt(arguments[++i]);
      } else {
        throw new IllegalArgumentException(
            "Unknown argument " + argument + "; see deploy/benchmark/run --help");
      }
    }
    return new Options(what, count, rounds);
  }

  boolean nothingToDo() {
    return what.equals("nothing-to-do");
  }
}
