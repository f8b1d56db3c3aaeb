package io.whimbrel.validation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Mode;
import io.whimbrel.validation.rule.RuleDescription;
import io.whimbrel.validation.rule.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A validation that has ended.
 *
 * @param valid whether the run may go on
 * @param strict whether warnings count as failures
 * @param touched the tables of the run that are there
 * @param neighbours the tables that refer to them or that they refer to
 * @param missing the tables of the run that are not there
 * @param notes what a reader should know
 * @param recommendations what to do, one for each rule that found something
 * @param criticalIssues the messages of findings that stop a run
 * @param error why the validation could not look, when it could not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
    UUID id,
    @Nullable UUID runId,
    Phase phase,
    String target,
    boolean valid,
    boolean strict,
    @Nullable Mode mode,
    Instant finishedAt,
    Summary summary,
    List<TableName> touched,
    List<TableName> neighbours,
    List<TableName> missing,
    List<RuleResult> results,
    List<String> notes,
    List<String> recommendations,
    List<String> criticalIssues,
    @Nullable String error) {

  public Report {
    recommendations = recommendations == null ? List.of() : List.copyOf(recommendations);
    criticalIssues = criticalIssues == null ? List.of() : List.copyOf(criticalIssues);
  }

  /**
   * The rules have looked.
   *
   * @param catalogue the rules that there are
   */
  public static Report of(
      Subject subject,
      Scope scope,
      List<RuleResult> results,
      List<RuleDescription> catalogue,
      Duration duration,
      Mode mode,
      boolean strict) {
    Verdict verdict = Verdict.of(results, strict);
    return new Report(
        subject.id(),
        subject.runId(),
        subject.phase(),
        subject.target(),
        verdict.valid(),
        strict,
        mode,
        Instant.now(),
        Summary.of(results, duration.toMillis()),
        scope.touched(),
        scope.neighbours(),
        scope.missing(),
        List.copyOf(results),
        List.of(),
        recommendations(results, catalogue),
        criticalIssues(results),
        verdict.error().orElse(null));
  }

  /** Validation is switched off: the run goes on, and the report says that nobody looked. */
  public static Report switchedOff(Subject subject, String note) {
    return withoutLooking(subject, true, List.of(note), null);
  }

  /** Nobody could look. */
  public static Report failed(Subject subject, String error) {
    return withoutLooking(subject, false, List.of(), error);
  }

  private static Report withoutLooking(
      Subject subject, boolean valid, List<String> notes, @Nullable String error) {
    return new Report(
        subject.id(),
        subject.runId(),
        subject.phase(),
        subject.target(),
        valid,
        false,
        null,
        Instant.now(),
        Summary.of(List.of(), 0),
        subject.touched(),
        List.of(),
        List.of(),
        List.of(),
        notes,
        List.of(),
        List.of(),
        error);
  }

  private static List<String> recommendations(
      List<RuleResult> results, List<RuleDescription> catalogue) {
    return results.stream()
        .filter(result -> !result.findings().isEmpty())
        .flatMap(result -> catalogue.stream().filter(rule -> rule.id().equals(result.rule())))
        .map(rule -> rule.id() + ": " + rule.remedy())
        .toList();
  }

  private static List<String> criticalIssues(List<RuleResult> results) {
    return results.stream()
        .flatMap(result -> result.findings().stream())
        .filter(finding -> finding.severity().compareTo(Severity.ERROR) >= 0)
        .map(Finding::message)
        .toList();
  }
}
