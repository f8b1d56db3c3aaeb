package io.whimbrel.monitoring.health;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.run.TargetRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Looks at everything at an interval, and keeps what it saw last. */
@ApplicationScoped
public class HealthChecks {
  private static final Logger LOG = Logger.getLogger(HealthChecks.class);

  private final HealthRepository repository;
  private final TargetRepository targets;
  private final KafkaProbe kafka;
  private final OutboxProbe outboxes;
  private final Disks disks;
  private final HealthMeters meters;
  private final HealthConfig config;
  private final HealthRules rules;
  private volatile @Nullable Health latest;
  private volatile boolean changed;

  HealthChecks(
      HealthRepository repository,
      TargetRepository targets,
      KafkaProbe kafka,
      OutboxProbe outboxes,
      Disks disks,
      HealthMeters meters,
      HealthConfig config) {
    this.meters = meters;
    this.repository = repository;
    this.targets = targets;
    this.disks = disks;
    this.kafka = kafka;
    this.outboxes = outboxes;
    this.config = config;
    this.rules = new HealthRules(config);
  }

  /** What was seen last. */
  public Health latest() {
    Health known = latest;
    return known == null ? look() : known;
  }

  @Scheduled(
      every = "${migration.health.check.interval:30000}ms",
      concurrentExecution = ConcurrentExecution.SKIP)
  void lookAgain() {
    look();
  }

  /** Something happened that may change what is seen; it is looked at within a second. */
  public void changed() {
    changed = true;
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void lookIfChanged() {
    if (changed) {
      changed = false;
      look();
    }
  }

  /** Looks now. */
  public synchronized Health look() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Health before = latest;
    Map<String, Health.Check> checks = new LinkedHashMap<>();
    HealthStatus worst = HealthStatus.HEALTHY;
    for (Verdict verdict : verdicts()) {
      checks.put(
          verdict.check(),
          new Health.Check(
              verdict.status(),
              verdict.reason(),
              since(verdict, before, now),
              verdict.threshold(),
              verdict.recommendation()));
      worst = worst.orWorse(verdict.status());
    }
    Health health = new Health(worst, now, checks);
    if (before != null && before.status() != worst) {
      LOG.infof("Health changed from %s to %s", before.status().word(), worst.word());
    }
    latest = health;
    meters.show(health, kafka.view().lag());
    return health;
  }

  private List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    Optional<Duration> answer = database();
    verdicts.add(rules.database(answer));
    Optional<KafkaProbe.View> view = kafka.look(config.kafkaTimeout());
    verdicts.add(rules.kafka(view.isPresent(), outboxes.look()));
    verdicts.add(rules.services(view.map(KafkaProbe.View::members).orElse(null)));
    verdicts.addAll(answer.isPresent() ? past() : rules.pastUnknown());
    verdicts.add(rules.disk(disks.look()));
    return verdicts;
  }

  private Optional<Duration> database() {
    long began = System.nanoTime();
    try {
      repository.ping();
      return Optional.of(Duration.ofNanos(System.nanoTime() - began));
    } catch (JdbiException e) {
      return Optional.empty();
    }
  }

  private List<Verdict> past() {
    try {
      List<Verdict> past = new ArrayList<>();
      past.addAll(rules.past(repository.past(config.window(), config.validationWait())));
      past.add(rules.targets(targets.lastEnds()));
      return past;
    } catch (JdbiException e) {
      return rules.pastUnknown();
    }
  }

  /** The database remembers over restarts; without it, what this process remembers counts. */
  private Instant since(Verdict verdict, @Nullable Health before, Instant now) {
    try {
      return repository.since(verdict, now);
    } catch (JdbiException e) {
      Health.Check last = before == null ? null : before.checks().get(verdict.check());
      return last == null || last.status() != verdict.status() ? now : last.since();
    }
  }
}
