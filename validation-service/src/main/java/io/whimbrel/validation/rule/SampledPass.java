package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All conditions on the rows of one table, answered while a few of its blocks are read. No finding
 * of it says "passed": it names the rows that were looked at and how many may yet be wrong.
 */
final class SampledPass {
  private final List<Look.Condition> conditions;
  private final double percent;
  private final String from;

  SampledPass(List<Look.Condition> conditions, Sampling sampling) {
    this.conditions = conditions;
    Look.Condition first = conditions.get(0);
    this.percent = sampling.percent(first.table());
    // The same blocks once more for the keys, without keeping the rows.
    int seed = ThreadLocalRandom.current().nextInt(1_000_000);
    this.from =
        " from %s tablesample system (%s) repeatable (%d)".formatted(first.from(), percent, seed);
  }

  /** Whether the rows that a condition is about are those of a table, and nothing else. */
  static boolean possible(Look.Condition condition, Sampling sampling) {
    Table table = condition.table();
    return sampling.concerns(table)
        && (condition.from().equals(table.sql() + " as c")
            || condition.from().equals(table.ownRows() + " as c"));
  }

  List<List<Finding>> read(Rows rows) throws SQLException {
    Long[] counts = rows.counts(query());
    List<List<Finding>> findings = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      SampledBlocks blocks =
          new SampledBlocks(
              counts[0], counts[1], counts[2 + 2 * i], counts[3 + 2 * i].doubleValue(), percent);
      findings.add(List.of(judge(rows, conditions.get(i), blocks)));
    }
    return findings;
  }

  private String query() {
    String each =
        IntStream.range(0, conditions.size())
            .mapToObj(i -> ", count(*) filter (where " + conditions.get(i).where() + ") as w" + i)
            .collect(Collectors.joining());
    String sums =
        IntStream.range(0, conditions.size())
            .mapToObj(
                i -> ", coalesce(sum(w%1$d), 0), coalesce(sum(w%1$d * w%1$d), 0)".formatted(i))
            .collect(Collectors.joining());
    return "select array[count(*), coalesce(sum(n), 0)%s]::int8[] from (select count(*) as n%s%s"
            .formatted(sums, each, from)
        + " group by c.tableoid, (c.ctid::text::point)[0]) as block";
  }

  private Finding judge(Rows rows, Look.Condition condition, SampledBlocks blocks)
      throws SQLException {
    Estimate estimate = blocks.estimate();
    Table table = condition.table();
    if (blocks.wrong() == 0) {
      return new Finding(
          Severity.INFO,
          table.name(),
          null,
          0,
          "no violation found in %d rows of %s (95 %% upper bound: %d rows)"
              .formatted(estimate.sampled(), table.name(), estimate.high()),
          List.of(),
          null,
          estimate);
    }
    String wrong = condition.keys() + from + " where " + condition.where();
    return condition
        .judge()
        .of(new Evidence(blocks.estimated(), rows.keys(table, wrong)))
        .estimated(estimate);
  }
}
