package io.whimbrel.executor.key;

import io.whimbrel.executor.key.KeyClaim.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * The keys of commands in the control database. One statement decides who has a key. A claimant who
 * dies leaves a claim that lapses; whoever claims after that gets the same run, so that a request
 * which did reach Kafka is not a second one.
 */
@ApplicationScoped
public class CommandKeys {
  private static final int SWEPT_AT_ONCE = 100;

  private final Jdbi jdbi;
  private final KeyConfig config;

  CommandKeys(DataSource dataSource, KeyConfig config) {
    this.jdbi = Jdbi.create(dataSource);
    this.config = config;
  }

  /**
   * @param fingerprint SHA-256 of the command, in hex
   * @param proposed the run it will be if the key is new
   * @param lease how long the claimant may take to bring the request to Kafka
   */
  public KeyClaim claim(
      String subject, String key, String fingerprint, UUID proposed, Duration lease) {
    sweep();
    while (true) {
      Optional<KeyClaim> claim =
          taken(subject, key, fingerprint, proposed, lease)
              .or(() -> present(subject, key, fingerprint));
      if (claim.isPresent()) {
        return claim.get();
      }
      // It was there and has expired in between.
    }
  }

  /** Says whether the request is on Kafka; if not, the key can be claimed again at once. */
  public void settle(String subject, String key, UUID run, boolean accepted) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update command_key
                    set claimed_until = case when :accepted then null else now() end
                    where subject = :subject and key = :key and run_id = :run
                      and claimed_until is not null
                    """)
                .bind("subject", subject)
                .bind("key", key)
                .bind("run", run)
                .bind("accepted", accepted)
                .execute());
  }

  private Optional<KeyClaim> taken(
      String subject, String key, String fingerprint, UUID proposed, Duration lease) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    insert into command_key as known
                      (subject, key, fingerprint, run_id, claimed_until, expires_at)
                    values (:subject, :key, :fingerprint, :run,
                      now() + :lease * interval '1 ms', now() + :keep * interval '1 ms')
                    on conflict (subject, key) do update set
                      fingerprint = excluded.fingerprint,
                      run_id = case when known.expires_at <= now()
                        then excluded.run_id else known.run_id end,
                      claimed_until = excluded.claimed_until,
                      expires_at = case when known.expires_at <= now()
                        then excluded.expires_at else known.expires_at end
                    where known.expires_at <= now()
                      or known.fingerprint = excluded.fingerprint and known.claimed_until <= now()
                    returning run_id
                    """)
                .bind("subject", subject)
                .bind("key", key)
                .bind("fingerprint", fingerprint)
                .bind("run", proposed)
                .bind("lease", lease.toMillis())
                .bind("keep", config.keep().toMillis())
                .map((rs, ctx) -> new KeyClaim(Outcome.CLAIMED, rs.getObject(1, UUID.class)))
                .findOne());
  }

  private Optional<KeyClaim> present(String subject, String key, String fingerprint) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select run_id, fingerprint = :fingerprint as same, claimed_until is null as done
                    from command_key where subject = :subject and key = :key
                    """)
                .bind("subject", subject)
                .bind("key", key)
                .bind("fingerprint", fingerprint)
                .map((rs, ctx) -> new KeyClaim(outcome(rs), rs.getObject("run_id", UUID.class)))
                .findOne());
  }

  private static Outcome outcome(ResultSet rs) throws SQLException {
    if (!rs.getBoolean("same")) {
      return Outcome.OTHER_COMMAND;
    }
    return rs.getBoolean("done") ? Outcome.ACCEPTED : Outcome.IN_PROGRESS;
  }

  /** A few expired keys with every claim keep the table small. */
  private void sweep() {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    delete from command_key where ctid = any (array(
                      select ctid from command_key where expires_at <= now()
                      order by expires_at limit :most for update skip locked))
                    """)
                .bind("most", SWEPT_AT_ONCE)
                .execute());
  }
}
