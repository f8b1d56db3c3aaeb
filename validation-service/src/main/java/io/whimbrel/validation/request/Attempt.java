package io.whimbrel.validation.request;

import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import io.whimbrel.validation.check.Progress;
import io.whimbrel.validation.check.StrictnessConfig;
import io.whimbrel.validation.check.Validation;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.rule.Memory;
import io.whimbrel.validation.rule.SqlStates;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One try at a claimed validation: it ends with an answer, or gives the claim back for a later try
 * as long as patience lasts.
 */
@ApplicationScoped
class Attempt {
  private static final Logger LOG = Logger.getLogger(Attempt.class);
  private static final String SWITCHED_OFF =
      "Validation is switched off (MIGRATION_VALIDATION_ENABLED=false): nothing was checked";

  private final TargetRegistry targets;
  private final Validation validation;
  private final Completion completion;
  private final ClaimRepository claimed;
  private final RequestConfig config;
  private final StrictnessConfig strictness;

  Attempt(
      TargetRegistry targets,
      Validation validation,
      Completion completion,
      ClaimRepository claimed,
      RequestConfig config,
      StrictnessConfig strictness) {
    this.targets = targets;
    this.validation = validation;
    this.completion = completion;
    this.claimed = claimed;
    this.config = config;
    this.strictness = strictness;
  }

  void work(Claim claim, Progress progress) {
    Subject subject = claim.subject();
    if (!strictness.enabled()) {
      completion.complete(claim, Report.switchedOff(subject, SWITCHED_OFF));
      return;
    }
    if (claim.cancelledBy() != null) {
      completion.complete(claim, Report.failed(subject, "cancelled by " + claim.cancelledBy()));
      return;
    }
    Optional<Target> target = targets.find(subject.target());
    if (target.isEmpty()) {
      targets.problem().ifPresent(LOG::warn);
      later(claim, "target " + subject.target() + " is not declared in the targets file");
      return;
    }
    Memory memory = new Memory(claim.earlier());
    Report report;
    try {
      report = validation.look(target.get(), subject, memory, progress);
    } catch (SQLException e) {
      later(claim, unavailable(subject, "SQLSTATE " + SqlStates.of(e)));
      return;
    } catch (RuntimeException e) {
      LOG.error("A look failed in an unforeseen way", e);
      later(claim, unavailable(subject, e.getClass().getSimpleName()));
      return;
    }
    completion.complete(claim, report, memory.notes());
  }

  private void later(Claim claim, String reason) {
    // Broken off: the pool would give no connection to a thread that is interrupted.
    if (Thread.interrupted()) {
      claimed.release(List.of(claim.token()), Duration.ZERO);
      return;
    }
    if (claim.age().compareTo(config.patience()) < 0) {
      LOG.warnf("Will look again in %d ms: %s", config.retryPause().toMillis(), reason);
      claimed.release(List.of(claim.token()), config.retryPause());
    } else {
      completion.complete(claim, Report.failed(claim.subject(), reason));
    }
  }

  /** The driver's message may name hosts and values; it is neither logged nor passed on. */
  private static String unavailable(Subject subject, String why) {
    return "target %s could not be looked at (%s)".formatted(subject.target(), why);
  }
}
