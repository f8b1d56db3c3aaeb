package io.whimbrel.validation.check;

import io.whimbrel.target.Throttle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Whether a target has enough to do without being looked at: the signals and limits are those that
 * batches wait for. What the role may not see counts as nothing.
 */
final class Pressure {
  // The statistics of a transaction stay as they were first read unless they are given up.
  private static final String SIGNALS =
      """
      select coalesce(extract(epoch from (select max(replay_lag) from pg_stat_replication)), 0)::float8
               as replica_lag,
             (select count(*) from pg_stat_activity
               where state = 'active' and backend_type = 'client backend'
                 and application_name not like 'whimbrel-validation:%') * 100
               / current_setting('max_connections')::int as active
        from (select pg_stat_clear_snapshot()) as anew
      """;

  private Pressure() {}

  /** What is too much, if anything is. */
  static Optional<String> read(Connection connection, Throttle limits) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SIGNALS)) {
      row.next();
      double lag = row.getDouble("replica_lag");
      int active = row.getInt("active");
      if (!limits.replicaLag().isZero() && lag * 1000 > limits.replicaLag().toMillis()) {
        return Optional.of("a replica is %d s behind".formatted(Math.round(lag)));
      }
      if (limits.connections() > 0 && active >= limits.connections()) {
        return Optional.of("%d %% of the connections are active".formatted(active));
      }
      return Optional.empty();
    }
  }
}
