package io.whimbrel.executor.run;

import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.BackupRecord.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The backups in the control database. Every change joins the transaction of its caller. */
@ApplicationScoped
public class BackupRecords {
  private final Jdbi jdbi;

  BackupRecords(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * Notes a backup that was written and read back; those of earlier attempts for the same purpose
   * are deleted.
   *
   * @throws StaleClaim if someone else has claimed the run meanwhile
   */
  @Transactional
  @Durable(CrashPoint.BACKUP_TAKEN)
  public void taken(Claim claim, Purpose purpose, BackupReference reference) {
    jdbi.useHandle(
        handle -> {
          boolean claimed =
              handle
                  .createQuery(
                      "select true from run where run_id = :run and token = :token for update")
                  .bind("run", claim.run())
                  .bind("token", claim.token())
                  .mapTo(Boolean.class)
                  .findOne()
                  .isPresent();
          if (!claimed) {
            throw new StaleClaim(claim.run(), "was claimed by another");
          }
          handle
              .createUpdate(
                  """
                  update backup set deleted_at = now()
                  where run_id = :run and purpose = :purpose and deleted_at is null
                  """)
              .bind("run", claim.run())
              .bind("purpose", purpose.name())
              .execute();
          handle
              .createUpdate(
                  """
                  insert into backup (backup_id, run_id, target, purpose, directory,
                    manifest_sha256, tables, rows, bytes, duration_ms, scope, checked, taken_at,
                    verified_at)
                  values (:id, :run, :target, :purpose, :directory,
                    :sha256, :tables, :rows, :bytes, :duration, :scope, :check, now(),
                    now())
                  on conflict (directory) do update set backup_id = excluded.backup_id,
                    manifest_sha256 = excluded.manifest_sha256, tables = excluded.tables,
                    rows = excluded.rows, bytes = excluded.bytes,
                    duration_ms = excluded.duration_ms, scope = excluded.scope,
                    checked = excluded.checked, taken_at = excluded.taken_at,
                    verified_at = excluded.verified_at, problem = null, deleted_at = null
                  """)
              .bind("id", UUID.randomUUID())
              .bind("run", claim.run())
              .bind("target", claim.target())
              .bind("purpose", purpose.name())
              .bind("directory", Objects.requireNonNull(reference.directory()))
              .bind("sha256", Objects.requireNonNull(reference.manifestSha256()))
              .bind("tables", reference.tables())
              .bind("rows", reference.rows())
              .bind("bytes", reference.bytes())
              .bind("duration", Objects.requireNonNull(reference.durationMs()))
              .bind("scope", Objects.requireNonNull(reference.scope()).name())
              .bind("check", Objects.requireNonNull(reference.check()).name())
              .execute();
        });
  }

  /** Notes what a check of a backup has found: that it is what was written, or what is wrong. */
  @Transactional
  public void checked(UUID backup, BackupCheck check, @Nullable String problem) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update backup set problem = :problem, checked = :check,
                      verified_at = case when cast(:problem as text) is null then now() end
                    where backup_id = :backup
                    """)
                .bind("backup", backup)
                .bind("check", check.name())
                .bind("problem", problem)
                .execute());
  }

  public Optional<BackupRecord> find(UUID backup) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from backup where backup_id = :backup")
                .bind("backup", backup)
                .map((rs, ctx) -> backup(rs))
                .findOne());
  }

  /** Backups, the newest first. */
  public List<BackupRecord> list(@Nullable String target, int limit) {
    return list(target, null, limit);
  }

  /**
   * Backups, the newest first.
   *
   * @param behind only those that come after this one; null from the newest on
   */
  public List<BackupRecord> list(@Nullable String target, @Nullable UUID behind, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from backup
                    where (cast(:target as text) is null or target = :target)
                      and (cast(:behind as uuid) is null or (taken_at, backup_id) <
                        (select taken_at, backup_id from backup where backup_id = cast(:behind as uuid)))
                    order by taken_at desc, backup_id desc limit :limit
                    """)
                .bind("target", target)
                .bind("behind", behind)
                .bind("limit", limit)
                .map((rs, ctx) -> backup(rs))
                .list());
  }

  /**
   * Marks backups as deleted, so that nobody begins to rely on them any more, and says which. The
   * last verified one of a target stays, and so does every one that an unfinished run has taken or
   * may restore.
   *
   * @param age how old a backup may become; null if it may become any age
   * @param count how many of a target are kept; null if all are
   */
  @Transactional
  public List<BackupRecord> expire(@Nullable Duration age, @Nullable Integer count) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    with kept as (
                      select *, row_number() over (partition by target order by taken_at desc) as n,
                        row_number() over (partition by target order by verified_at is null,
                          taken_at desc) as verified_n
                      from backup where deleted_at is null)
                    update backup set deleted_at = now()
                    where backup_id in (
                      select backup_id from kept
                      where (extract(epoch from now() - taken_at) > cast(:age as bigint)
                          or n > cast(:count as int))
                        and verified_n > 1
                        and not exists (
                          select from run where finished_at is null
                            and (run.run_id = kept.run_id
                              or run.plan ->> 'backupOf' = kept.run_id::text
                              or run.request ->> 'rollbackOf' = kept.run_id::text)))
                    returning *
                    """)
                .bind("age", age == null ? null : age.toSeconds())
                .bind("count", count)
                .map((rs, ctx) -> backup(rs))
                .list());
  }

  /**
   * Those of these places that nothing needs: they belong to a run that has ended, or to the given
   * one, and not to a backup that is kept.
   *
   * @param places {@code TARGET/RUN...}
   * @param run whose earlier attempts count as well; null if none do
   */
  public List<String> unneeded(Collection<String> places, @Nullable UUID run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select place from unnest(:places) place
                    join run on run_id = cast(left(split_part(place, '/', 2), 36) as uuid)
                      and target = split_part(place, '/', 1)
                    where (finished_at is not null or run_id = cast(:run as uuid))
                      and not exists (
                        select from backup where directory = place and deleted_at is null)
                    order by place
                    """)
                .bindArray("places", String.class, places)
                .bind("run", run)
                .mapTo(String.class)
                .list());
  }

  private static BackupRecord backup(ResultSet rs) throws SQLException {
    return new BackupRecord(
        rs.getObject("backup_id", UUID.class),
        rs.getObject("run_id", UUID.class),
        rs.getString("target"),
        Purpose.valueOf(rs.getString("purpose")),
        rs.getString("directory"),
        rs.getString("manifest_sha256"),
        rs.getInt("tables"),
        rs.getLong("rows"),
        rs.getLong("bytes"),
        rs.getLong("duration_ms"),
        rs.getObject("taken_at", OffsetDateTime.class).toInstant(),
        BackupScope.valueOf(rs.getString("scope")),
        BackupCheck.valueOf(rs.getString("checked")),
        instant(rs, "verified_at"),
        rs.getString("problem"),
        instant(rs, "deleted_at"));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
