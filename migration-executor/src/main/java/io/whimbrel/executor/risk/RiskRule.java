package io.whimbrel.executor.risk;

import java.util.List;

/**
 * Knows one kind of danger.
 *
 * @param id names the rule in plans, policies and documents, e.g. {@code column-dropped}
 * @param name what it finds, in a few words
 * @param condition what has to be seen for it, as facts
 * @param effect what happens to those who use the database
 * @param remedy what to do instead
 * @param level of its findings, where nothing is known of the table
 * @param grows whether the level follows the size of the table
 * @param bad migrations in which it finds something
 * @param good migrations to the same end in which it finds nothing
 * @param judge tells what it finds in a statement
 */
public record RiskRule(
    String id,
    String name,
    String condition,
    String effect,
    String remedy,
    RiskLevel level,
    boolean grows,
    Example bad,
    Example good,
    Judge judge) {

  /** Decides from facts alone. */
  @FunctionalInterface
  interface Judge {
    List<Verdict> judge(Scene scene);
  }

  /** The words of a rule, one after the other. */
  static Words rule(String id, String name, RiskLevel level, boolean grows) {
    return new Words(id, name, level, grows, "", "", "", Example.of(), Example.of());
  }

  /** A rule that is being written. */
  record Words(
      String id,
      String name,
      RiskLevel level,
      boolean grows,
      String condition,
      String effect,
      String remedy,
      Example bad,
      Example good) {

    Words when(String text) {
      return new Words(id, name, level, grows, text, effect, remedy, bad, good);
    }

    Words then(String text) {
      return new Words(id, name, level, grows, condition, text, remedy, bad, good);
    }

    Words instead(String text) {
      return new Words(id, name, level, grows, condition, effect, text, bad, good);
    }

    Words bad(String... scripts) {
      return new Words(
          id, name, level, grows, condition, effect, remedy, Example.of(scripts), good);
    }

    Words good(String... scripts) {
      return new Words(id, name, level, grows, condition, effect, remedy, bad, Example.of(scripts));
    }

    RiskRule judgedBy(Judge judge) {
      return new RiskRule(id, name, condition, effect, remedy, level, grows, bad, good, judge);
    }
  }
}
