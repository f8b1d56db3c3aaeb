package io.whimbrel.validation.report;

import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import io.whimbrel.event.ValidationCompleted;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the run is told of a report, or all who listen of one that no run asked for. */
public final class Answer {
  private static final int FINDINGS = 20;
  private static final String NOTHING_LOOKED_AT = "validation";

  private Answer() {}

  /** The same for every answer to the same question, so that it counts once. */
  public static UUID eventId(Report report) {
    String question = run(report) + "/" + report.phase();
    return UUID.nameUUIDFromBytes(question.getBytes(StandardCharsets.UTF_8));
  }

  public static ValidationCompleted of(Report report) {
    List<ValidationCompleted.Finding> findings =
        Stream.concat(ofRules(report), notes(report))
            .sorted(Comparator.comparing(ValidationCompleted.Finding::severity).reversed())
            .toList();
    Map<Severity, Long> counts = new EnumMap<>(Severity.class);
    findings.forEach(finding -> counts.merge(finding.severity(), 1L, Long::sum));
    return new ValidationCompleted(
        run(report),
        report.id(),
        report.phase(),
        report.target(),
        report.valid(),
        counts,
        findings.stream().limit(FINDINGS).toList(),
        report.summary().durationMs(),
        report.valid() ? null : report.error());
  }

  /** A validation that belongs to no run is its own. */
  private static UUID run(Report report) {
    return Objects.requireNonNullElse(report.runId(), report.id());
  }

  private static Stream<ValidationCompleted.Finding> ofRules(Report report) {
    return report.results().stream()
        .flatMap(
            result ->
                result.findings().stream()
                    .map(
                        finding ->
                            new ValidationCompleted.Finding(
                                result.rule(),
                                finding.severity(),
                                name(finding.table()),
                                finding.subject(),
                                finding.rows(),
                                finding.message())));
  }

  /** What was not looked at, so that nobody takes silence for approval. */
  private static Stream<ValidationCompleted.Finding> notes(Report report) {
    Stream<ValidationCompleted.Finding> notes =
        report.notes().stream().map(note -> info(NOTHING_LOOKED_AT, note));
    Stream<ValidationCompleted.Finding> skipped =
        report.results().stream()
            .filter(result -> result.status() != Status.ERROR && !result.stoodAside())
            .flatMap(result -> result.reasons().stream().map(why -> info(result.rule(), why)));
    return Stream.concat(notes, skipped);
  }

  private static ValidationCompleted.Finding info(String rule, String message) {
    return new ValidationCompleted.Finding(rule, Severity.INFO, null, null, 0, message);
  }

  private static @Nullable String name(@Nullable TableName table) {
    return table == null ? null : table.toString();
  }
}
