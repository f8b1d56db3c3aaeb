package io.whimbrel.benchmark;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param count migrations, targets, rows, megabytes, events or requests a minute
 * @param rounds measurements of each contender, or minutes
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
          "backup",
          "monitoring",
          "gateway",
          "soak");

  private static final List<String> COUNTS = List.of("--count", "--rows", "--rate");
  private static final List<String> ROUNDS = List.of("--rounds", "--minutes");

  static Options parse(String[] arguments) {
    String what = KNOWN.get(0);
    int count = 0;
    int rounds = 0;
    Path sets = null;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (KNOWN.contains(argument)) {
        what = argument;
      } else if (COUNTS.contains(argument) && i + 1 < arguments.length) {
        count = Integer.parseInt(arguments[++i]);
      } else if (ROUNDS.contains(argument) && i + 1 < arguments.length) {
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
    return new Options(
        what, count > 0 ? count : usual(what), rounds > 0 ? rounds : usualRounds(what), sets);
  }

  private static int usualRounds(String what) {
    return switch (what) {
      case "backfill", "forecast" -> 1;
      case "plan", "backup" -> 3;
      case "soak" -> 30;
      default -> 5;
    };
  }

  private static int usual(String what) {
    return switch (what) {
      case "targets", "backup" -> 200;
      case "backfill", "validation" -> 10_000_000;
      case "forecast" -> 2_000_000;
      case "monitoring", "gateway" -> 1_000_000;
      case "soak" -> 50;
      default -> 1000;
    };
  }

  boolean backfill() {
    return what.equals("backfill");
  }

  boolean backup() {
    return what.equals("backup");
  }

  boolean gateway() {
    return what.equals("gateway");
  }

  boolean monitoring() {
    return what.equals("monitoring");
  }

  boolean soak() {
    return what.equals("soak");
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
