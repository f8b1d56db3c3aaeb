package io.whimbrel.executor.run;

import io.whimbrel.executor.apply.CrashPoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The wishes of users in the control database. Every change joins the transaction of its caller.
 */
@ApplicationScoped
public class RunWishes {
  private final Jdbi jdbi;

  RunWishes(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** The wishes for these runs. */
  public Map<UUID, RunWish> of(Collection<UUID> runs) {
    Map<UUID, RunWish> wishes = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "select run_id, paused_by, cancelled_by, sealed from run where run_id = any"
                        + " (:runs)")
                .bindArray("runs", UUID.class, runs.toArray())
                .map((rs, ctx) -> Map.entry(rs.getObject("run_id", UUID.class), wish(rs)))
                .forEach(entry -> wishes.put(entry.getKey(), entry.getValue())));
    return wishes;
  }

  /** Sets or takes back the wish for a pause. */
  void pause(UUID run, @Nullable String by) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("update run set paused_by = :by where run_id = :run")
                .bind("run", run)
                .bind("by", by)
                .execute());
  }

  /**
   * Notes who wants the run to end; the first one stays. The schema refuses it for a sealed run.
   */
  void cancel(UUID run, String by) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "update run set cancelled_by = :by where run_id = :run and cancelled_by is"
                        + " null")
                .bind("run", run)
                .bind("by", by)
                .execute());
  }

  /**
   * From now on the run cannot be cancelled.
   *
   * @return false if it is cancelled already, or claimed by another
   */
  @Transactional
  @Durable(CrashPoint.SEAL)
  public boolean seal(Claim claim) {
    return sealed(claim, true);
  }

  /** It can be cancelled again, as what was about to be committed was rolled back. */
  @Transactional
  @Durable(CrashPoint.SEAL)
  public void unseal(Claim claim) {
    sealed(claim, false);
  }

  private boolean sealed(Claim claim, boolean sealed) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "update run set sealed = :sealed where run_id = :run and token = :token"
                            + " and cancelled_by is null")
                    .bind("sealed", sealed)
                    .bind("run", claim.run())
                    .bind("token", claim.token())
                    .execute())
        == 1;
  }

  static RunWish wish(ResultSet rs) throws SQLException {
    return new RunWish(
        rs.getString("paused_by"), rs.getString("cancelled_by"), rs.getBoolean("sealed"));
  }
}
