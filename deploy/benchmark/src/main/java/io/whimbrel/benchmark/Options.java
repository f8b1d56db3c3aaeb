package io.whimbrel.benchmark;

import java.util.List;

/**
 * What to measure.
 *
 * @param count migrations, or targets
 * @param rounds measurements of each contender
 */
record Options(String what, int count, int rounds) {

  private static final List<String> KNOWN =
      List.of("small-migrations", "atomic", "nothing-to-do", "targets");

  static Options parse(String[] arguments) {
    String what = KNOWN.get(0);
    int count = 0;
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
    boolean targets = what.equals("targets");
    return new Options(what, count > 0 ? count : targets ? 200 : 1000, rounds);
  }

  List<Contender> contenders() {
    return switch (what) {
      case "nothing-to-do" -> List.of(Contender.WHIMBREL, Contender.FLYWAY);
      case "atomic" -> List.of(Contender.FLOOR, Contender.ATOMIC, Contender.FLYWAY);
      default -> List.of(Contender.FLOOR, Contender.WHIMBREL, Contender.FLYWAY);
    };
  }

  boolean nothingToDo() {
    return what.equals("nothing-to-do");
  }

  boolean targets() {
    return what.equals("targets");
  }
}
