package io.whimbrel.executor.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** The plans in the control database; none is ever changed. */
@ApplicationScoped
public class PlanRepository {
  private final Jdbi jdbi;

  PlanRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  @Transactional
  public void insert(StoredPlan plan) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into migration_plan (plan_id, target, digest, created_by, created_at,
                      valid_until, basis, plan, page)
                    values (:id, :target, :digest, :by, :at, :until, cast(:basis as jsonb),
                      cast(:plan as jsonb), :page)
                    """)
                .bind("id", plan.id())
                .bind("target", plan.target())
                .bind("digest", plan.digest())
                .bind("by", plan.createdBy())
                .bind("at", OffsetDateTime.ofInstant(plan.createdAt(), ZoneOffset.UTC))
                .bind("until", OffsetDateTime.ofInstant(plan.validUntil(), ZoneOffset.UTC))
                .bind("basis", plan.basis())
                .bind("plan", plan.plan())
                .bind("page", plan.page())
                .execute());
  }

  @Transactional
  public Optional<StoredPlan> find(UUID id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from migration_plan where plan_id = :id")
                .bind("id", id)
                .map(
                    (rs, ctx) ->
                        new StoredPlan(
                            rs.getObject("plan_id", UUID.class),
                            rs.getString("target"),
                            rs.getString("digest"),
                            rs.getString("created_by"),
                            rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                            rs.getObject("valid_until", OffsetDateTime.class).toInstant(),
                            rs.getString("basis"),
                            rs.getString("plan"),
                            rs.getString("page")))
                .findOne());
  }

  /** Deletes plans that are older than this and that no run was made of. */
  @Transactional
  public int deleteOlderThan(Duration age) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    delete from migration_plan p where created_at < :before and not exists (
                      select from run r
                      where r.request ->> 'planId' = cast(p.plan_id as text))
                    """)
                .bind("before", OffsetDateTime.ofInstant(Instant.now().minus(age), ZoneOffset.UTC))
                .execute());
  }
}
