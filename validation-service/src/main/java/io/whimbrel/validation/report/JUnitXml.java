package io.whimbrel.validation.report;

import io.whimbrel.validation.rule.Finding;
import java.util.stream.Collectors;

/**
 * A report as build servers read it: a rule is a test case. Warnings fail if they failed the
 * report.
 */
public final class JUnitXml {

  private JUnitXml() {}

  public static String of(Report report) {
    String cases =
        report.results().stream()
            .map(result -> testCase(report, result))
            .collect(Collectors.joining());
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuite name="%s" tests="%d" failures="%d" errors="%d" skipped="%d" time="%s" timestamp="%s">
    %s</testsuite>
    """
        .formatted(
            text("whimbrel.validation." + report.target()),
            report.summary().total(),
            report.results().stream().filter(result -> failed(report, result)).count(),
            report.summary().errors(),
            report.summary().skipped(),
            seconds(report.summary().durationMs()),
            report.finishedAt(),
            cases);
  }

  private static String testCase(Report report, RuleResult result) {
    String open =
        "  <testcase classname=\"%s\" name=\"%s\" time=\"%s\""
            .formatted(text(report.target()), text(result.rule()), seconds(result.durationMs()));
    String reasons = text(String.join("; ", result.reasons()));
    String findings =
        result.findings().stream().map(Finding::message).collect(Collectors.joining("\n"));
    if (failed(report, result)) {
      return "%s>\n    <failure message=\"%d findings\">%s</failure>\n  </testcase>\n"
          .formatted(open, result.findings().size(), text(findings));
    }
    return switch (result.status()) {
      case ERROR -> open + ">\n    <error message=\"" + reasons + "\"/>\n  </testcase>\n";
      case SKIPPED -> open + ">\n    <skipped message=\"" + reasons + "\"/>\n  </testcase>\n";
      case WARNING, SAMPLED ->
          open + ">\n    <system-out>" + text(findings) + "</system-out>\n  </testcase>\n";
      default -> open + "/>\n";
    };
  }

  private static boolean failed(Report report, RuleResult result) {
    return result.status() == Status.FAILED
        || (report.strict() && result.status() == Status.WARNING);
  }

  private static String seconds(long millis) {
    return "%d.%03d".formatted(millis / 1000, millis % 1000);
  }

  /** XML has no way to write most control characters, so they are left out. */
  private static String text(String raw) {
    return raw.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]", "")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
