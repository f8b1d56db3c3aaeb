package io.whimbrel.executor.impact;

import io.whimbrel.executor.impact.ServerImpact.Replica;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who else is at work on a target: sessions with locks or old transactions, and replicas. */
final class Onlookers {

  private static final String MAY_READ =
      "select pg_has_role(current_user, 'pg_read_all_stats', 'usage')";

  private static final String GRANT = "; grant it pg_read_all_stats";

  // A session may hold several modes, of which the strongest says what it keeps others from.
  private static final String HOLDERS =
      """
      select f.root, coalesce(l.pid, 0), coalesce(max(a.application_name), ''), max(a.state),
        (extract(epoch from clock_timestamp() - max(a.xact_start)) * 1000)::int8,
        (array_agg(l.mode order by array_position(array['AccessExclusiveLock', 'ExclusiveLock',
          'ShareRowExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock', 'RowExclusiveLock',
          'RowShareLock', 'AccessShareLock'], l.mode)))[1]
      from unnest(?::oid[], ?::oid[]) as f (root, oid)
      join pg_catalog.pg_locks l on l.relation = f.oid
      left join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'relation' and l.granted and l.pid is distinct from pg_backend_pid()
        and l.database = (select oid from pg_catalog.pg_database
          where datname = current_database())
      group by f.root, l.pid
      order by f.root, max(a.xact_start) nulls last, l.pid
      """;

  private static final String OLDEST =
      """
      select pid, coalesce(application_name, ''), state,
        (extract(epoch from clock_timestamp() - xact_start) * 1000)::int8
      from pg_catalog.pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
        and backend_type = 'client backend'
      order by xact_start limit 1
      """;

  private static final String REPLICAS =
      """
      select coalesce(nullif(application_name, ''), host(client_addr), pid::text),
        (extract(epoch from replay_lag) * 1000)::int8
      from pg_catalog.pg_stat_replication where state is not null order by 1
      """;

  private Onlookers() {}

  /** Sessions with a lock on a table, by table. */
  static Map<Long, List<Session>> holders(Connection connection, Families families)
      throws SQLException {
    Map<Long, List<Session>> holders = new HashMap<>();
    families.ask(
        connection,
        HOLDERS,
        row ->
            holders
                .computeIfAbsent(row.getLong(1), root -> new ArrayList<>())
                .add(
                    new Session(
                        row.getInt(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(5, Long.class),
                        row.getString(6))));
    return holders;
  }

  static ServerImpact server(Connection connection) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    boolean mayRead = mayRead(connection);
    List<String> unknown =
        mayRead
            ? List.of()
            : List.of(
                "open transactions of other roles: the role may not see when they began" + GRANT,
                "the lag of replicas: the role may not see it" + GRANT);
    return new ServerImpact(
        version, oldest(connection), mayRead ? replicas(connection) : List.of(), unknown);
  }

  private static @Nullable Session oldest(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(OLDEST);
        ResultSet row = query.executeQuery()) {
      return row.next()
          ? new Session(row.getInt(1), row.getString(2), row.getString(3), row.getLong(4), null)
          : null;
    }
  }

  private static List<Replica> replicas(Connection connection) throws SQLException {
    List<Replica> replicas = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(REPLICAS);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        replicas.add(new Replica(row.getString(1), row.getObject(2, Long.class)));
      }
    }
    return replicas;
  }

  private static boolean mayRead(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(MAY_READ);
        ResultSet row = query.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }
}
