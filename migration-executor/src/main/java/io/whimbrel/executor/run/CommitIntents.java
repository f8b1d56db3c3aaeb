package io.whimbrel.executor.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be committed on a target, stored before COMMIT is sent, so that an unknown
 * outcome can be looked up. The last COMMIT of a run and its cancelling exclude each other: a run
 * is sealed with its last intent, and has none once it is cancelled.
 */
@ApplicationScoped
public class CommitIntents {
  private final Jdbi jdbi;

  CommitIntents(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * One migration is about to be committed.
   *
   * @param begin what its touched tables held at the begin of its transaction, as JSON; null if
   *     that is not recorded
   * @param end the same at its end
   * @param last whether no other script follows; the run is sealed then
   * @return false if the run is cancelled or claimed by another, and COMMIT must not be sent
   */
  @Transactional
  public boolean aboutToCommit(
      Claim claim,
      int position,
      String xid,
      @Nullable String begin,
      @Nullable String end,
      boolean last) {
    if (!last && begin == null && end == null) {
      update(
          RunMigrations.NOT_WAITING_FOR_DISK
              + "update run_migration set xid = :xid where run_id = :run and position = :position",
          u -> u.bind("run", claim.run()).bind("position", position).bind("xid", xid));
      return true;
    }
    return update(
            """
            with sealed as (
              update run set sealed = true
              where :last and run_id = :run and token = :token and cancelled_by is null
              returning run_id)
            update run_migration set xid = :xid, fingerprint_begin = cast(:begin as jsonb),
              fingerprint_end = cast(:end as jsonb)
            where run_id = :run and position = :position
              and (not :last or exists (select from sealed))
            """,
            u ->
                u.bind("run", claim.run())
                    .bind("token", claim.token())
                    .bind("last", last)
                    .bind("position", position)
                    .bind("xid", xid)
                    .bind("begin", begin)
                    .bind("end", end))
        == 1;
  }

  /** The same for the one transaction of all migrations of a run. */
  @Transactional
  public boolean allAboutToCommit(
      Claim claim, String xid, @Nullable String begin, @Nullable String end) {
    return update(
            """
            with sealed as (
              update run set sealed = true
              where run_id = :run and token = :token and cancelled_by is null
              returning run_id)
            update run_migration set xid = :xid,
              fingerprint_begin = case when position = 0 then cast(:begin as jsonb) end,
              fingerprint_end = case when position = (
                  select max(position) from run_migration where run_id = :run)
                then cast(:end as jsonb) end
            where run_id in (select run_id from sealed)
            """,
            u ->
                u.bind("run", claim.run())
                    .bind("token", claim.token())
                    .bind("xid", xid)
                    .bind("begin", begin)
                    .bind("end", end))
        > 0;
  }

  private int update(String sql, UnaryOperator<Update> binding) {
    return jdbi.withHandle(handle -> binding.apply(handle.createUpdate(sql)).execute());
  }
}
