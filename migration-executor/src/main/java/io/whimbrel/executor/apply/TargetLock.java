package io.whimbrel.executor.apply;

import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The session advisory lock of a target's database. Taken by trying again and again: a blocking
 * wait would hold a snapshot open, which CREATE INDEX CONCURRENTLY waits for in turn.
 */
final class TargetLock {

  /** The letters "whimbrel". */
  private static final long KEY = 0x7768696D6272656CL;

  /** True if this session has it, whether from before or from now on. */
  static final String TAKEN = "pg_try_advisory_lock(" + KEY + ")";

  /**
   * Lets go of all session locks, which a script may have taken, and takes ours again. In between
   * it is free for a moment; the fence holds off whoever takes it then.
   */
  static final String ONLY_OURS = "pg_advisory_unlock_all(), " + TAKEN;

  static final String TRY = "select cast(" + TAKEN + " as text)";

  private static final int PAUSE_MILLIS = 200;

  private TargetLock() {}

  static void take(Target target, Connection connection, long token, Duration patience)
      throws SQLException, TargetBusy, StaleFence {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!tryTake(connection)) {
      Fence.refuseIfNewer(target, connection, token);
      Fence.endFormerHolder(connection, token);
      if (System.nanoTime() > deadline) {
        throw busy(target, holder(connection));
      }
      pause(target);
    }
    // A script may have let go of the lock; its session is then still behind the fence.
    Fence.endFormerHolder(connection, token);
  }

  static boolean tryTake(Connection connection) throws SQLException {
    return "t".equals(Sql.text(connection, "select pg_try_advisory_lock(?)", KEY));
  }

  static boolean held(Connection connection) throws SQLException {
    String sql =
        "select exists (select from pg_catalog.pg_locks l where l.pid = pg_backend_pid() and "
            + IS_OURS
            + ")";
    return "t".equals(Sql.text(connection, sql));
  }

  private static final String IS_OURS =
      "l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = "
          + (KEY >>> 32)
          + " and l.objid = "
          + (KEY & 0xFFFFFFFFL)
          + " and l.database = (select oid from pg_catalog.pg_database"
          + " where datname = current_database())";

  private static String holder(Connection connection) throws SQLException {
    String sql =
        "select format('pid %s (%s)', a.pid, a.application_name) from pg_catalog.pg_locks l"
            + " join pg_catalog.pg_stat_activity a on a.pid = l.pid where "
            + IS_OURS;
    String holder = Sql.text(connection, sql);
    return holder == null ? "a session that has just gone" : holder;
  }

  private static TargetBusy busy(Target target, String holder) {
    return new TargetBusy(
        "Target " + target.name() + " is held by " + holder + "; try again when it has finished");
  }

  private static void pause(Target target) throws TargetBusy {
    try {
      Thread.sleep(PAUSE_MILLIS / 2 + ThreadLocalRandom.current().nextInt(PAUSE_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TargetBusy("Interrupted while waiting for target " + target.name());
    }
  }
}
