package io.whimbrel.benchmark;

import java.util.List;

/**
 * What to measure.
 *
 * @param count migrations, targets, rows or events
 * @param rounds measurements of each contender
 */
record Options(String what, int count, int rounds) {

  private static final List<String> KNOWN =
      List.of(
          "small-migrations",
          "atomic",
          "nothing-to-do",
          "targets",
          "backfill",
          "validation",
          "forecast",
          "monitoring");

  static Options parse(String[] arguments) {
    String what = KNOWN.get(0);
    int count = 0;
    int rounds = 0;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (KNOWN.contains(argument)) {
        what = argument;
      } else if ((argument.equals("--count") || argument.equals("--rows"))
          && i + 1 < arguments.length) {
        count = Integer.parseInt(arguments[++i]);
      } else if (argument.equals("--rounds") && i + 1 < arguments.length) {
        rounds = Integer.parseInt(arguments[++i]);
      } else {
        throw new IllegalArgumentException(
            "Unknown argument " + argument + "; see deploy/benchmark/run --help");
      }
    }
    boolean once = what.equals("backfill") || what.equals("forecast");
    return new Options(what, count > 0 ? count : usual(what), rounds > 0 ? rounds : once ? 1 : 5);
  }

  private static int usual(String what) {
    return switch (what) {
      case "targets" -> 200;
      case "backfill", "validation" -> 10_000_000;
      case "forecast" -> 2_000_000;
      case "monitoring" -> 1_000_000;
      default -> 1000;
    };
  }

  boolean backfill() {
    return what.equals("backfill");
  }

  boolean monitoring() {
    return what.equals("monitoring");
  }

  boolean validation() {
    return what.equals("validation");
  }

  boolean forecast() {
    return what.equals("forecast");
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
