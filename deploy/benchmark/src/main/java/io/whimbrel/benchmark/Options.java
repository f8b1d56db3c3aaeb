package io.whimbrel.benchmark;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param count migrations, targets, rows or events
 * @param rounds measurements of each contender
 * @param sets where the sets are whose undos are derived; null for every other benchmark
 */
record Options(String what, int count, int rounds, @Nullable Path sets) {

  private static final List<String> KNOWN =
      List.of(
          "small-migrations",
          "atomic",
          "nothing-to-do",
          "targets",
          "backfill",
          "validation",
          "forecast",
          "plan",
          "undo",
          "monitoring");

  static Options parse(String[] arguments) {
    String what = KNOWN.get(0);
    int count = 0;
    int rounds = 0;
    Path sets = null;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (KNOWN.contains(argument)) {
        what = argument;
      } else if ((argument.equals("--count") || argument.equals("--rows"))
          && i + 1 < arguments.length) {
        count = Integer.parseInt(arguments[++i]);
      } else if (argument.equals("--rounds") && i + 1 < arguments.length) {
        rounds = Integer.parseInt(arguments[++i]);
      } else if (argument.equals("--sets") && i + 1 < arguments.length) {
        sets = Path.of(arguments[++i]);
      } else {
        throw new IllegalArgumentException(
            "Unknown argument " + argument + "; see deploy/benchmark/run --help");
      }
    }
    if (what.equals("undo") != (sets != null)) {
      throw new IllegalArgumentException(
          "undo needs --sets DIRECTORY, and nothing else has it; see deploy/benchmark/run --help");
    }
    boolean once = List.of("backfill", "forecast").contains(what);
    int usual = once ? 1 : what.equals("plan") ? 3 : 5;
    return new Options(what, count > 0 ? count : usual(what), rounds > 0 ? rounds : usual, sets);
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

  boolean plan() {
    return what.equals("plan");
  }

  List<Contender> contenders() {
    return switch (what) {
      case "nothing-to-do" -> List.of(Contender.WHIMBREL, Contender.FLYWAY);
      case "atomic" ->
          List.of(Contender.FLOOR, Contender.FLOOR_TOGETHER, Contender.ATOMIC, Contender.FLYWAY);
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
