package io.whimbrel.validation.rule;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One read of the target that answers all its looks: many conditions on the rows of one table, or a
 * single look of another kind. A table without a wrong row is read once.
 */
public record Reading(List<Look> looks, @Nullable Sampling sampling) {

  /** More aggregates than this in one query make it slower, not faster. */
  private static final int MOST_CONDITIONS = 400;

  public Reading {
    looks = List.copyOf(looks);
  }

  /** As few readings as answer all the looks at every row. */
  public static List<Reading> of(List<Look> looks) {
    return of(looks, null);
  }

  /**
   * As few readings as answer all the looks.
   *
   * @param sampling of large tables; null if every row is to be read
   */
  public static List<Reading> of(List<Look> looks, @Nullable Sampling sampling) {
    Map<String, List<Look>> passes = new LinkedHashMap<>();
    List<Reading> readings = new ArrayList<>();
    for (Look look : looks) {
      if (look instanceof Look.Condition condition) {
        List<Look> pass = passes.computeIfAbsent(condition.from(), from -> new ArrayList<>());
        pass.add(look);
        if (pass.size() == MOST_CONDITIONS) {
          readings.add(new Reading(pass, sampling));
          passes.remove(condition.from());
        }
      } else {
        readings.add(new Reading(List.of(look), sampling));
      }
    }
    passes.values().forEach(pass -> readings.add(new Reading(pass, sampling)));
    return readings;
  }

  /** The table that is read; null when it is none. */
  public @Nullable Table table() {
    return looks.get(0).table();
  }

  /** Why there is nothing to read, if there is not. */
  Optional<Obstacle> obstacle() {
    return sampling != null
            && looks.get(0) instanceof Look.Search search
            && search.whole()
            && search.table() != null
            && sampling.concerns(search.table())
        ? Optional.of(Obstacle.tooLarge(search.table().name()))
        : Optional.empty();
  }

  /** The same looks, each by itself. */
  List<Reading> single() {
    return looks.stream().map(look -> new Reading(List.of(look), sampling)).toList();
  }

  /** Reads, and answers look by look. */
  List<List<Finding>> read(Rows rows) throws SQLException {
    Look first = looks.get(0);
    if (first instanceof Look.Search search) {
      return List.of(search.question().ask(rows));
    }
    if (first instanceof Look.Note note) {
      return List.of(note.question().ask(rows));
    }
    if (first instanceof Look.Known known) {
      return List.of(known.findings());
    }
    List<Look.Condition> conditions = looks.stream().map(Look.Condition.class::cast).toList();
    return sampling != null && SampledPass.possible(conditions.get(0), sampling)
        ? new SampledPass(conditions, sampling).read(rows)
        : pass(rows, conditions);
  }

  private static List<List<Finding>> pass(Rows rows, List<Look.Condition> conditions)
      throws SQLException {
    String from = " from " + conditions.get(0).from();
    String counts =
        conditions.stream()
            .map(condition -> "count(*) filter (where " + condition.where() + ")")
            .collect(Collectors.joining(", ", "select array[", "]"));
    Long[] wrong = rows.counts(counts + from);
    List<List<Finding>> findings = new ArrayList<>();
    for (int i = 0; i < wrong.length; i++) {
      findings.add(judge(rows, conditions.get(i), wrong[i]));
    }
    return findings;
  }

  private static List<Finding> judge(Rows rows, Look.Condition condition, long wrong)
      throws SQLException {
    if (wrong == 0) {
      return List.of();
    }
    String columnsFrom =
        condition.keys() + " from " + condition.from() + " where " + condition.where();
    return List.of(
        condition.judge().of(new Evidence(wrong, rows.keys(condition.table(), columnsFrom))));
  }
}
