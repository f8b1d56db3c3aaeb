package io.whimbrel.validation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import io.whimbrel.validation.rule.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two reports beside each other. A finding is the same in both if rule, table and subject are.
 *
 * @param appeared what only the later one found
 * @param gone what only the earlier one found
 * @param changed what both found, in different numbers of rows
 * @param unchanged how many findings are the same
 * @param incomparable rules that looked in one of the two only
 */
public record Difference(
    UUID earlier,
    UUID later,
    List<Entry> appeared,
    List<Entry> gone,
    List<Entry> changed,
    int unchanged,
    List<String> incomparable) {

  /** A finding with the rows it had and has. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      String rule,
      @Nullable TableName table,
      @Nullable String subject,
      String message,
      @Nullable Long before,
      @Nullable Long after) {}

  private record Same(String rule, @Nullable TableName table, @Nullable String subject) {}

  public static Difference between(Report earlier, Report later) {
    Map<Same, Finding> before = findings(earlier);
    Map<Same, Finding> after = findings(later);
    List<Entry> appeared =
        after.entrySet().stream()
            .filter(found -> !before.containsKey(found.getKey()))
            .map(found -> entry(found.getKey(), null, found.getValue()))
            .toList();
    List<Entry> gone =
        before.entrySet().stream()
            .filter(found -> !after.containsKey(found.getKey()))
            .map(found -> entry(found.getKey(), found.getValue(), null))
            .toList();
    List<Entry> both =
        after.entrySet().stream()
            .filter(found -> before.containsKey(found.getKey()))
            .map(found -> entry(found.getKey(), before.get(found.getKey()), found.getValue()))
            .toList();
    List<Entry> changed =
        both.stream()
            .filter(entry -> !String.valueOf(entry.before()).equals(String.valueOf(entry.after())))
            .toList();
    return new Difference(
        earlier.id(),
        later.id(),
        appeared,
        gone,
        changed,
        both.size() - changed.size(),
        incomparable(earlier, later));
  }

  private static Map<Same, Finding> findings(Report report) {
    Map<Same, Finding> findings = new LinkedHashMap<>();
    for (RuleResult result : report.results()) {
      for (Finding finding : result.findings()) {
        findings.merge(
            new Same(result.rule(), finding.table(), finding.subject()), finding, Difference::sum);
      }
    }
    return findings;
  }

  private static Finding sum(Finding one, Finding other) {
    return new Finding(
        one.severity(),
        one.table(),
        one.subject(),
        one.rows() + other.rows(),
        one.message(),
        one.keys(),
        one.remedy());
  }

  private static Entry entry(Same same, @Nullable Finding before, @Nullable Finding after) {
    Finding shown = after == null ? before : after;
    return new Entry(
        same.rule(),
        same.table(),
        same.subject(),
        shown == null ? "" : shown.message(),
        before == null ? null : before.rows(),
        after == null ? null : after.rows());
  }

  private static List<String> incomparable(Report earlier, Report later) {
    List<String> first = looked(earlier);
    List<String> second = looked(later);
    return Stream.concat(first.stream(), second.stream())
        .distinct()
        .filter(rule -> first.contains(rule) != second.contains(rule))
        .toList();
  }

  private static List<String> looked(Report report) {
    return report.results().stream()
        .filter(result -> result.status() != Status.SKIPPED && result.status() != Status.ERROR)
        .map(RuleResult::rule)
        .toList();
  }
}
