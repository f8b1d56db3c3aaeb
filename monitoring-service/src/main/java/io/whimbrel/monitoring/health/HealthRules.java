package io.whimbrel.monitoring.health;

import io.whimbrel.monitoring.health.HealthConfig.Rates;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Judges what was observed. Touches nothing. */
final class HealthRules {
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
                    ? new Verdict(
                        "database",
                        HealthStatus.DEGRADED,
                        "The monitoring database answers slower than in "
                            + words(config.slowDatabase())
                            + ".")
                    : new Verdict(
                        "database", HealthStatus.HEALTHY, "The monitoring database answers."))
        .orElse(
            new Verdict(
                "database", HealthStatus.UNHEALTHY, "The monitoring database does not answer."));
  }

  Verdict kafka(boolean answers) {
    return answers
        ? new Verdict("kafka", HealthStatus.HEALTHY, "Kafka answers.")
        : new Verdict(
            "kafka",
            HealthStatus.UNHEALTHY,
            "Kafka does not answer within " + words(config.kafkaTimeout()) + ".");
  }

  List<Verdict> past(RecentPast past) {
    return List.of(migrations(past), validation(past), rollback(past));
  }

  /** While the database does not tell, nothing is known of the runs. */
  List<Verdict> pastUnknown() {
    return List.of("migrations", "validation", "rollback").stream()
        .map(
            check ->
                new Verdict(
                    check,
                    HealthStatus.DEGRADED,
                    "Unknown while the monitoring database does not answer."))
        .toList();
  }

  private Verdict migrations(RecentPast past) {
    return new Verdict(
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
      return new Verdict(
          "validation",
          byRate.orWorse(HealthStatus.DEGRADED),
          past.waiting()
              + (past.waiting() == 1 ? " run has" : " runs have")
              + " waited for a validation for more than "
              + words(config.validationWait())
              + ".");
    }
    return new Verdict(
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
      return new Verdict(
          "rollback",
          HealthStatus.UNHEALTHY,
          past.rollbacksFailed()
              + (past.rollbacksFailed() == 1 ? " rollback" : " rollbacks")
              + " failed"
              + lately());
    }
    return new Verdict(
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

  private String lately() {
    return " in the last " + words(config.window()) + ".";
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
