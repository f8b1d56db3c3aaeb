package io.whimbrel.executor.apply;

import io.whimbrel.target.Throttle;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says about whether batches are a burden to others. Replicas, vacuums and the
 * sessions of others are visible to a role with {@code pg_read_all_stats} only; without it these
 * signals are off.
 */
final class ThrottleSignals {

  private static final String MAY_READ =
      "select pg_has_role(current_user, 'pg_read_all_stats', 'usage')";

  private static final String REPLICAS =
      """
      select format('replica %s is %s s behind, limit %s s',
        coalesce(nullif(application_name, ''), host(client_addr), cast(pid as text)),
        round(extract(epoch from replay_lag)), round(l.limit_ms / 1000.0, 1))
      from pg_catalog.pg_stat_replication, (select cast(? as bigint) as limit_ms) l
      where extract(epoch from replay_lag) * 1000 > l.limit_ms order by replay_lag desc limit 1
      """;

  private static final String WAITING =
      """
      select format('%s sessions waited for a batch, for up to %s ms, limit %s ms',
        count(*), round(max(extract(epoch from clock_timestamp() - waitstart)) * 1000),
        max(l.limit_ms))
      from pg_catalog.pg_locks, (select cast(? as bigint) as limit_ms) l
      where not granted and extract(epoch from clock_timestamp() - waitstart) * 1000 > l.limit_ms
        and ? = any (pg_blocking_pids(pid))
      having count(*) > 0
      """;

  private static final String VACUUMS =
      """
      select format('the table is vacuumed by pid %s', pid)
      from pg_catalog.pg_stat_progress_vacuum where relid = to_regclass(?)
        or relid in (select relid from pg_partition_tree(to_regclass(?)) where isleaf) limit 1
      """;

  private static final String CONNECTIONS =
      """
      select format('%s of %s connections are active, limit %s percent',
        count(*), max(l.most), max(l.limit_percent))
      from pg_catalog.pg_stat_activity,
        (select cast(current_setting('max_connections') as int) as most, cast(? as int) as
          limit_percent) l
      where backend_type = 'client backend' and state <> 'idle'
      having count(*) * 100 >= max(l.most * l.limit_percent)
      """;

  private final Connection connection;
  private final Throttle limits;
  private final int pid;
  private final String table;
  private final boolean mayRead;
  private @Nullable Long wal;
  private long walAt;

  /**
   * @param connection in autocommit mode, so that it holds no snapshot between two looks
   * @param pid of the session that runs the batches
   * @param table qualified and quoted
   */
  ThrottleSignals(Connection connection, Throttle limits, int pid, String table)
      throws SQLException {
    this.connection = connection;
    this.limits = limits;
    this.pid = pid;
    this.table = table;
    this.mayRead = "t".equals(Sql.text(connection, MAY_READ));
  }

  /** The signals that are wanted, but that the role may not read. */
  List<String> unreadable() {
    List<String> names = new ArrayList<>();
    if (!mayRead) {
      if (!limits.replicaLag().isZero()) {
        names.add("the lag of replicas");
      }
      if (limits.vacuum()) {
        names.add("vacuums");
      }
      if (limits.connections() > 0) {
        names.add("active connections");
      }
    }
    return names;
  }

  /** Why the batches are to wait, each in words; empty if they may go on. */
  List<String> look() throws SQLException {
    List<String> reasons = new ArrayList<>();
    if (mayRead && !limits.replicaLag().isZero()) {
      add(reasons, REPLICAS, limits.replicaLag().toMillis());
    }
    if (limits.walRate() > 0) {
      rate(reasons);
    }
    if (!limits.waiting().isZero()) {
      add(reasons, WAITING, limits.waiting().toMillis(), pid);
    }
    if (mayRead && limits.vacuum()) {
      add(reasons, VACUUMS, table, table);
    }
    if (mayRead && limits.connections() > 0) {
      add(reasons, CONNECTIONS, limits.connections());
    }
    return reasons;
  }

  private void add(List<String> reasons, String sql, Object... parameters) throws SQLException {
    String reason = Sql.text(connection, sql, parameters);
    if (reason != null) {
      reasons.add(reason);
    }
  }

  private void rate(List<String> reasons) throws SQLException {
    String sql = "select cast(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bigint)";
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      row.next();
      long now = row.getLong(1);
      long at = System.nanoTime();
      Long before = wal;
      long elapsed = Math.max(1, at - walAt);
      wal = now;
      walAt = at;
      double perSecond = before == null ? 0 : (now - before) / (elapsed / 1e9);
      if (perSecond > limits.walRate()) {
        reasons.add(
            "the server writes %d kB of WAL a second, limit %d kB"
                .formatted((long) perSecond / 1024, limits.walRate() / 1024));
      }
    }
  }
}
