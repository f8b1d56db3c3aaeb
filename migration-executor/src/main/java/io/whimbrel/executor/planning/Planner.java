package io.whimbrel.executor.planning;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.forecast.Forecasting;
import io.whimbrel.executor.forecast.Predictions;
import io.whimbrel.executor.plan.approval.PlanBasis;
import io.whimbrel.executor.plan.approval.TargetFingerprint;
import io.whimbrel.executor.plan.document.Demands;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.plan.document.MigrationPlan.Database;
import io.whimbrel.executor.plan.document.MigrationPlan.Wanted;
import io.whimbrel.executor.plan.document.PlanSummary;
import io.whimbrel.executor.plan.document.PlannedScript;
import io.whimbrel.executor.plan.document.Rehearsed;
import io.whimbrel.executor.plan.document.ValidationPlan;
import io.whimbrel.executor.plan.policy.Acceptance;
import io.whimbrel.executor.plan.policy.PolicyVerdict;
import io.whimbrel.target.Target;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Makes plans for people: everything that can be known of a run before it begins, within a budget
 * of time. The target is only read, and what is tried is tried in scratch databases. Nothing is
 * left if it stops half way; a plan that is done is kept.
 */
@ApplicationScoped
public class Planner {
  private final Prospects prospects;
  private final Plans plans;
  private final Rehearsing rehearsing;
  private final Forecasting forecasting;
  private final Predictions predictions;
  private final PlanConfig config;
  private final Semaphore free;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "plan");
            thread.setDaemon(true);
            return thread;
          });

  Planner(
      Prospects prospects,
      Plans plans,
      Rehearsing rehearsing,
      Forecasting forecasting,
      Predictions predictions,
      PlanConfig config) {
    this.prospects = prospects;
    this.plans = plans;
    this.rehearsing = rehearsing;
    this.forecasting = forecasting;
    this.predictions = predictions;
    this.config = config;
    this.free = new Semaphore(config.parallel());
  }

  /** So many plans are being made that there is no room for another one. */
  public static final class Busy extends Exception {
    private static final long serialVersionUID = 1;

    Busy() {
      super("All places for making plans are taken", null, false, false);
    }
  }

  /**
   * Makes a plan and keeps it.
   *
   * @param superAdmin whether the one who asks is a super-admin, whose {@code acceptRisks} count
   *     for more
   * @throws Refusal if nobody can read the catalogue's format
   * @throws SQLException if the target cannot be reached
   */
  public MigrationPlan plan(Target target, Wanted wanted, String by, boolean superAdmin)
      throws SQLException, InterruptedException, Busy {
    if (!free.tryAcquire()) {
      throw new Busy();
    }
    try {
      return made(target, wanted, by, superAdmin);
    } finally {
      free.release();
    }
  }

  private MigrationPlan made(Target target, Wanted wanted, String by, boolean superAdmin)
      throws SQLException, InterruptedException {
    long begin = System.nanoTime();
    UUID id = UUID.randomUUID();
    Prospect prospect =
        prospects.lenient(
            target,
            Prospect.selection(wanted.migration(), wanted.upTo()),
            wanted.options(),
            "whimbrel-plan:" + id);
    Budgeted budget = new Budgeted(workers, config.budget());
    Findings found =
        Findings.of(
            prospect,
            id,
            budget,
            needed -> rehearsing.ofPlan(prospect, id, needed),
            patience -> forecasting.calibration(target, patience));
    PlanBasis basis =
        prospect.basis(
            wanted.migration(),
            wanted.upTo(),
            wanted.options(),
            fingerprint(prospect, id, found.rehearsal().touched()));
    PolicyVerdict policy =
        found.judged(prospect, new Acceptance(wanted.options().acceptRisks(), superAdmin));
    List<PlannedScript> migrations = found.scripts(prospect);
    boolean executable = prospect.survey().problems().isEmpty() && policy.allowed();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    MigrationPlan plan =
        new MigrationPlan(
            id,
            basis.digest(),
            target.name(),
            database(prospect, basis.target()),
            wanted,
            by,
            now,
            now.plus(target.policy().planAge()),
            Duration.ofNanos(System.nanoTime() - begin).toMillis(),
            PlanSummary.of(migrations, found.forecast(), executable),
            policy,
            prospect.survey().problems(),
            prospect.survey().repairs(),
            migrations,
            Rehearsed.of(found.rehearsal()),
            found.impact(),
            found.forecast(),
            found.drift(),
            validation(wanted, found),
            prospect.survey().notes(),
            budget.unknown());
    plans.keep(plan, basis);
    rememberForecast(plan);
    return plan;
  }

  /** What was predicted stands beside what it came to, once it has run. */
  private void rememberForecast(MigrationPlan plan) {
    if (plan.forecast() != null) {
      Map<String, Integer> checksums =
          plan.migrations().stream()
              .collect(Collectors.toMap(PlannedScript::script, PlannedScript::checksum));
      predictions.keep(plan.target(), plan.forecast(), checksums);
    }
  }

  private static ValidationPlan validation(Wanted wanted, Findings found) {
    List<PlannedChange> demands = Demands.of(found.rehearsal().scripts());
    TreeSet<TableName> after = new TreeSet<>(found.rehearsal().touched());
    after.addAll(found.rehearsal().created());
    return new ValidationPlan(
        wanted.options().validateBefore(),
        found.rehearsal().touched(),
        demands,
        wanted.options().validateAfter(),
        List.copyOf(after));
  }

  private static Database database(Prospect prospect, TargetFingerprint fingerprint) {
    Map<Version, AppliedMigration> applied = prospect.history().versions();
    return new Database(
        fingerprint.systemIdentifier(),
        fingerprint.database(),
        fingerprint.historyRows(),
        applied.isEmpty() ? null : prospect.history().versions().lastKey().toString());
  }

  private static TargetFingerprint fingerprint(Prospect prospect, UUID id, List<TableName> tables)
      throws SQLException {
    Target target = prospect.target();
    try (Connection connection = target.connect(target.executor(), "whimbrel-plan:" + id)) {
      return TargetFingerprint.read(connection, prospect.history(), tables);
    }
  }

  @PreDestroy
  void close() {
    workers.shutdownNow();
  }
}
