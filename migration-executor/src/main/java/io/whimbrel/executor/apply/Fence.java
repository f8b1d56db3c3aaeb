package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The row in the target that says whose claim is the last: its token only grows. */
final class Fence {

  private static final String TABLES =
      """
      create table if not exists whimbrel.fence (
        single boolean primary key default true check (single),
        token bigint not null,
        run text not null,
        pid integer not null,
        backend_start timestamptz not null,
        taken_at timestamptz not null default now()
      );
      create table if not exists whimbrel.checkpoint (
        script text primary key,
        checksum integer not null,
        statement integer not null default 0,
        started boolean not null default false,
        last_key text,
        upper_bound text,
        rows_done bigint not null default 0,
        rows_total bigint not null default 0,
        affected bigint not null default 0,
        written_at timestamptz not null default now()
      );
      comment on schema whimbrel is 'Whimbrel: who may change this database, and how far it is'\
      """;

  private Fence() {}

  /**
   * Makes the schema of ours if it is missing; the caller holds the target's lock, and closes the
   * connection if this throws.
   */
  static void prepare(Target target, Connection connection) throws SQLException {
    if (exists(connection)) {
      return;
    }
    connection.setAutoCommit(false);
    try {
      // IF NOT EXISTS would ask for the right to create it even if it exists.
      if (Sql.text(connection, "select to_regnamespace('whimbrel')") == null) {
        Sql.execute(connection, "create schema whimbrel");
      }
      Sql.execute(connection, TABLES);
      CrashPoint.OWN_SCHEMA.before();
      connection.commit();
      CrashPoint.OWN_SCHEMA.after();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      connection.rollback();
      if (SqlStates.of(e).equals(SqlStates.INSUFFICIENT_PRIVILEGE)) {
        String role = target.executor().user();
        throw new Refusal(
            "Role "
                + role
                + " may not create the schema whimbrel in target "
                + target.name()
                + ", where it keeps its place; as the database's owner run: create schema whimbrel"
                + " authorization "
                + Sql.name(role));
      }
      throw e;
    }
  }

  /** Puts our token into the fence. */
  static void raise(Target target, Connection connection, String run, long token)
      throws SQLException, StaleFence {
    String sql =
        """
        insert into whimbrel.fence as f (token, run, pid, backend_start)
        select ?, ?, pid, backend_start from pg_catalog.pg_stat_activity
          where pid = pg_backend_pid()
        on conflict (single) do update set token = excluded.token, run = excluded.run,
          pid = excluded.pid, backend_start = excluded.backend_start, taken_at = now()
        where f.token <= excluded.token
        """;
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setLong(1, token);
      insert.setString(2, run);
      CrashPoint.TOKEN.before();
      if (insert.executeUpdate() == 0) {
        throw stale(target);
      }
      CrashPoint.TOKEN.after();
    }
  }

  /** Locks the row until the end of the transaction. */
  static void check(Target target, Connection connection, long token)
      throws SQLException, StaleFence {
    String sql = "select f.token, f.pid = pg_backend_pid()" + " from whimbrel.fence f for update";
    Sql.execute(
        connection,
        "set transaction read write; set local role none; set local lock_timeout = '10s'");
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      if (!row.next() || row.getLong(1) != token) {
        throw stale(target);
      }
      if (!row.getBoolean(2)) {
        throw SessionSettings.sharedSession(target);
      }
    }
  }

  /**
   * As {@link #check}, for a message: divides by zero if it is not ours, or if the target's lock is
   * another's.
   */
  static String checks(long token) {
    return "select 1 / count(*) from (select from whimbrel.fence where token = "
        + token
        + " and pid = pg_backend_pid() and "
        + TargetLock.TAKEN
        + " for update) held";
  }

  static void refuseIfNewer(Target target, Connection connection, long token)
      throws SQLException, StaleFence {
    if (!exists(connection)) {
      return;
    }
    String sql = "select true from whimbrel.fence where token > ?";
    if (Sql.text(connection, sql, token) != null) {
      throw stale(target);
    }
  }

  /** Ends the session of ours that the fence names, if its token is smaller; never another's. */
  static void endFormerHolder(Connection connection, long token) throws SQLException {
    if (!exists(connection)) {
      return;
    }
    String sql =
        """
        select pg_terminate_backend(a.pid) from whimbrel.fence f
          join pg_catalog.pg_stat_activity a on a.pid = f.pid and a.backend_start = f.backend_start
        where f.token < ? and a.pid <> pg_backend_pid() and a.usename = current_user
          and a.application_name like 'whimbrel:%'
        """;
    Sql.text(connection, sql, token);
  }

  static boolean exists(Connection connection) throws SQLException {
    String sql =
        "select to_regclass('whimbrel.fence') is not null"
            + " and to_regclass('whimbrel.checkpoint') is not null";
    return "t".equals(Sql.text(connection, sql));
  }

  private static StaleFence stale(Target target) {
    return new StaleFence("Target " + target.name() + " has been claimed by a later attempt");
  }
}
