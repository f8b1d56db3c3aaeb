package io.whimbrel.executor.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.scheduler.Scheduled;
import io.whimbrel.executor.plan.approval.PlanBasis;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.plan.document.PlanPage;
import io.whimbrel.executor.run.PlanRepository;
import io.whimbrel.executor.run.StoredPlan;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Keeps plans, and forgets those that nobody made a run of. */
@ApplicationScoped
public class Plans {
  private static final Logger LOG = Logger.getLogger(Plans.class);

  private final PlanRepository repository;
  private final ObjectMapper json;
  private final PlanConfig config;

  Plans(PlanRepository repository, ObjectMapper json, PlanConfig config) {
    this.repository = repository;
    this.json = json;
    this.config = config;
  }

  void keep(MigrationPlan plan, PlanBasis basis) {
    repository.insert(
        new StoredPlan(
            plan.planId(),
            plan.target(),
            plan.digest(),
            plan.createdBy(),
            plan.createdAt(),
            plan.validUntil(),
            write(basis),
            write(plan),
            new PlanPage(plan).markdown()));
  }

  public Optional<StoredPlan> find(UUID id) {
    return repository.find(id);
  }

  PlanBasis basis(StoredPlan plan) {
    return read(plan.basis(), PlanBasis.class);
  }

  MigrationPlan document(StoredPlan plan) {
    return read(plan.plan(), MigrationPlan.class);
  }

  @Scheduled(every = "1h", delayed = "1m")
  void forget() {
    int forgotten = repository.deleteOlderThan(config.keep());
    if (forgotten > 0) {
      LOG.infof("Forgot %d plans that are older than %s", forgotten, config.keep());
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plan cannot be written as JSON", e);
    }
  }

  private <T> T read(String text, Class<T> as) {
    try {
      return json.readValue(text, as);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plan cannot be read", e);
    }
  }
}
