package io.whimbrel.monitoring.report;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateInstance;

/** Writes a report for people. */
public final class ReportPage {
  private ReportPage() {}

  /** The templates, checked against the types when the service is built. */
  @CheckedTemplate(basePath = "")
  static class Templates {
    private Templates() {}

    static native TemplateInstance report(Report report, DayChart outcomes, DayChart durations);

    static native TemplateInstance summary(Report report);
  }

  /** Milliseconds as people read them; used by the templates. */
  @TemplateExtension
  static long whole(Double milliseconds) {
    return Math.round(milliseconds);
  }

  /** A page that needs nothing from elsewhere. */
  public static String html(Report report) {
    return Templates.report(
            report, DayChart.ofOutcomes(report.days()), DayChart.ofDurations(report.days()))
        .render();
  }

  public static String markdown(Report report) {
    return Templates.summary(report).render();
  }
}
