package io.whimbrel.monitoring.health;

import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.health.HealthConfig.Rates;
import io.whimbrel.monitoring.run.TargetRepository.LastEnd;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges what was observed. Touches nothing. */
final class HealthRules {
  private static final int NAMED = 5;

  private final HealthConfig config;

  HealthRules(HealthConfig config) {
    this.config = config;
  }

  /**
   * Judges the database.
   *
   * @param answer how long the database took to answer; empty if it did not
   */
  Verdict database(Optional<Duration> answer) {
    return answer
        .map(
            took ->
                took.compareTo(config.slowDatabase()) > 0
                    ? verdict(
                        "database",
                        HealthStatus.DEGRADED,
                        "The monitoring database answers slower than in "
                            + words(config.slowDatabase())
                            + ".")
                    : verdict("database", HealthStatus.HEALTHY, "The monitoring database answers."))
        .orElse(
            verdict(
                "database", HealthStatus.UNHEALTHY, "The monitoring database does not answer."));
  }

  /**
   * Judges Kafka by its answer, and by whether it takes the events of the services.
   *
   * @param waiting how long the event of a service has waited that has waited longest to be sent,
   *     of the services that told
   */
  Verdict kafka(boolean answers, Map<String, Duration> waiting) {
    if (!answers) {
      return verdict(
          "kafka",
          HealthStatus.UNHEALTHY,
          "Kafka does not answer within " + words(config.kafkaTimeout()) + ".");
    }
    List<String> late =
        waiting.entrySet().stream()
            .filter(entry -> entry.getValue().compareTo(config.outboxWait()) > 0)
            .map(entry -> entry.getKey() + " for " + entry.getValue().toSeconds() + " s")
            .toList();
    return late.isEmpty()
        ? Verdict.healthy("kafka", "Kafka answers.")
        : verdict(
                "kafka",
                HealthStatus.DEGRADED,
                "Kafka answers, but events wait to be sent: of " + String.join(", of ", late) + ".")
            .judgedBy("degraded when an event has waited longer than " + words(config.outboxWait()))
            .advising("Read the log of the service: it says why its events are not sent.");
  }

  List<Verdict> past(RecentPast past) {
    return List.of(
        migrations(past)
            .judgedBy(rates("failed runs", config.failedRuns()))
            .advising("Look at the failed runs and their alerts before starting more."),
        validation(past)
            .judgedBy(rates("failed validations", config.failedValidations()))
            .advising(
                "Read the reports of the failed validations; for runs that wait, see whether the"
                    + " validation service runs."),
        rollback(past)
            .judgedBy(
                "degraded from %d rollbacks, unhealthy from 1 failed".formatted(config.rollbacks()))
            .advising(
                "Look at the runs that were rolled back; after a failed rollback keep writers off"
                    + " the target and decide between a restore and going on."));
  }

  /** While the database does not tell, nothing is known of the runs. */
  List<Verdict> pastUnknown() {
    return Stream.of("migrations", "validation", "rollback", "targets")
        .map(
            check ->
                verdict(
                    check,
                    HealthStatus.DEGRADED,
                    "Unknown while the monitoring database does not answer."))
        .toList();
  }

  private Verdict migrations(RecentPast past) {
    return verdict(
        "migrations",
        status(past.failed(), past.ended(), config.failedRuns()),
        past.ended() == 0
            ? "No run ended" + lately()
            : past.failed() + " of " + past.ended() + " runs failed" + lately());
  }

  private Verdict validation(RecentPast past) {
    HealthStatus byRate =
        status(past.validationsFailed(), past.validations(), config.failedValidations());
    if (past.waiting() > 0) {
      return verdict(
          "validation",
          byRate.orWorse(HealthStatus.DEGRADED),
          past.waiting()
              + (past.waiting() == 1 ? " run has" : " runs have")
              + " waited for a validation for more than "
              + words(config.validationWait())
              + ".");
    }
    return verdict(
        "validation",
        byRate,
        past.validations() == 0
            ? "No validation completed" + lately()
            : past.validationsFailed()
                + " of "
                + past.validations()
                + " validations failed"
                + lately());
  }

  private Verdict rollback(RecentPast past) {
    if (past.rollbacksFailed() > 0) {
      return verdict(
          "rollback",
          HealthStatus.UNHEALTHY,
          past.rollbacksFailed()
              + (past.rollbacksFailed() == 1 ? " rollback" : " rollbacks")
              + " failed"
              + lately());
    }
    return verdict(
        "rollback",
        past.rolledBack() > 0 && past.rolledBack() >= config.rollbacks()
            ? HealthStatus.DEGRADED
            : HealthStatus.HEALTHY,
        past.rolledBack() == 0
            ? "No run was rolled back" + lately()
            : past.rolledBack()
                + (past.rolledBack() == 1 ? " run was" : " runs were")
                + " rolled back"
                + lately());
  }

  private static Verdict verdict(String check, HealthStatus status, String reason) {
    return new Verdict(check, status, reason, null, null);
  }

  private static HealthStatus status(long part, long whole, Rates rates) {
    if (part == 0) {
      return HealthStatus.HEALTHY;
    }
    double rate = (double) part / whole;
    if (rate >= rates.unhealthy()) {
      return HealthStatus.UNHEALTHY;
    }
    return rate >= rates.degraded() ? HealthStatus.DEGRADED : HealthStatus.HEALTHY;
  }

  /**
   * Judges the services by whether someone takes their records.
   *
   * @param members of their consumer groups; null when Kafka does not tell
   */
  Verdict services(@Nullable Map<String, Integer> members) {
    String advice = "Start what is missing; what was asked for meanwhile waits in Kafka.";
    if (members == null) {
      return verdict("services", HealthStatus.DEGRADED, "Unknown while Kafka does not tell.")
          .advising("Mend Kafka first.");
    }
    List<String> missing =
        members.entrySet().stream()
            .filter(entry -> entry.getValue() == 0)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return missing.isEmpty()
        ? Verdict.healthy("services", "All services take their records.")
        : verdict(
                "services",
                HealthStatus.UNHEALTHY,
                "Nobody takes the records of " + String.join(", ", missing) + ".")
            .advising(advice);
  }

  /** Judges the targets by how their last runs ended. */
  Verdict targets(List<LastEnd> ends) {
    List<String> lost = ends.stream().filter(LastEnd::unreachable).map(LastEnd::target).toList();
    List<String> halfway =
        ends.stream()
            .filter(end -> end.state() == RunStateName.ROLLBACK_FAILED)
            .map(LastEnd::target)
            .toList();
    if (!halfway.isEmpty()) {
      return verdict(
              "targets",
              HealthStatus.UNHEALTHY,
              "The last rollback failed on " + named(halfway) + ".")
          .advising("Decide between a restore and going on, as the alerts say.");
    }
    return lost.isEmpty()
        ? Verdict.healthy("targets", "The last runs reached their targets.")
        : verdict(
                "targets",
                HealthStatus.DEGRADED,
                "The last run could not reach " + named(lost) + ".")
            .advising("Check addresses, passwords and whether the targets take connections.");
  }

  private static String named(List<String> targets) {
    return targets.size() <= NAMED
        ? String.join(", ", targets)
        : String.join(", ", targets.subList(0, NAMED))
            + " and %d more".formatted(targets.size() - NAMED);
  }

  /** Judges the disks by the fullest. */
  Verdict disk(List<Disks.Disk> disks) {
    String by =
        "degraded below %d %%, unhealthy below %d %% free"
            .formatted(config.disk().degradedBelow(), config.disk().unhealthyBelow());
    return disks.stream()
        .min(Comparator.comparingLong(Disks.Disk::freePercent))
        .map(
            disk ->
                verdict(
                    "disk",
                    disk.freePercent() < config.disk().unhealthyBelow()
                        ? HealthStatus.UNHEALTHY
                        : disk.freePercent() < config.disk().degradedBelow()
                            ? HealthStatus.DEGRADED
                            : HealthStatus.HEALTHY,
                    "%d %% are free for %s.".formatted(disk.freePercent(), disk.directory())))
        .orElse(Verdict.healthy("disk", "No directory of this service is written to."))
        .judgedBy(by)
        .advising("Remove what is not needed, or give it more space.");
  }

  private static String rates(String what, Rates rates) {
    return "degraded from %s, unhealthy from %s of %s"
        .formatted(rates.degraded(), rates.unhealthy(), what);
  }

  private String lately() {
    return " in the last " + words(config.window()) + ".";
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
