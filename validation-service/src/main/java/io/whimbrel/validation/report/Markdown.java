package io.whimbrel.validation.report;

import io.whimbrel.validation.rule.Finding;
import java.util.List;
import java.util.Locale;

/** A report as a page for people. */
public final class Markdown {

  private Markdown() {}

  public static String of(Report report) {
    Summary summary = report.summary();
    StringBuilder page = new StringBuilder();
    page.append("# Validation of %s: %s\n\n".formatted(report.target(), verdict(report)));
    page.append(
        "%s, %s, %d ms. %d rules: %d passed, %d sampled, %d failed, %d warnings, %d skipped, %d errors.\n"
            .formatted(
                lower(report.phase()),
                report.finishedAt(),
                summary.durationMs(),
                summary.total(),
                summary.passed(),
                summary.sampled(),
                summary.failed(),
                summary.warnings(),
                summary.skipped(),
                summary.errors()));
    if (report.error() != null) {
      page.append("\n**%s**\n".formatted(text(report.error())));
    }
    report.notes().forEach(note -> page.append("\n> %s\n".formatted(text(note))));
    page.append("\n| rule | result | looks | ms |\n|---|---|---|---|\n");
    report.results().forEach(result -> page.append(row(result)));
    report.results().forEach(result -> findings(page, result));
    list(page, "What to do", report.recommendations());
    return page.toString();
  }

  private static void findings(StringBuilder page, RuleResult result) {
    if (result.findings().isEmpty() && result.status() == Status.PASSED) {
      return;
    }
    page.append("\n## %s: %s\n\n".formatted(result.rule(), lower(result.status())));
    result.reasons().forEach(reason -> page.append("- %s\n".formatted(text(reason))));
    result.findings().forEach(finding -> page.append(finding(finding)));
  }

  private static String finding(Finding finding) {
    String keys =
        finding.keys().isEmpty() ? "" : " Keys: %s.".formatted(text(finding.keys().toString()));
    String remedy = finding.remedy();
    String sql =
        remedy == null ? "" : "\n  ```sql\n%s\n  ```\n".formatted(remedy.indent(2).stripTrailing());
    return "- **%s** %s.%s\n%s"
        .formatted(lower(finding.severity()), text(finding.message()), keys, sql);
  }

  private static void list(StringBuilder page, String title, List<String> entries) {
    if (!entries.isEmpty()) {
      page.append("\n## %s\n\n".formatted(title));
      entries.forEach(entry -> page.append("- %s\n".formatted(text(entry))));
    }
  }

  private static String row(RuleResult result) {
    return "| %s | %s | %d | %d |\n"
        .formatted(
            text(result.rule()), lower(result.status()), result.looks(), result.durationMs());
  }

  private static String verdict(Report report) {
    return report.valid() ? "valid" : "not valid";
  }

  /** Names of tables and keys of rows must not become markup. */
  private static String text(String raw) {
    return raw.replaceAll("([\\\\`*\\[\\]<>|#])", "\\\\$1").replaceAll("\\s+", " ");
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
