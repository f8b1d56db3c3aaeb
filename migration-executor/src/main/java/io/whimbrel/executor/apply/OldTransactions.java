package io.whimbrel.executor.apply;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The transactions that are older than a CONCURRENTLY statement, which waits for all of them. They
 * are waited for and named before it begins: while it waits itself it keeps VACUUM and other
 * changes away from the table, and what it leaves when someone loses patience has to be removed.
 */
final class OldTransactions {

  private static final Duration PAUSE = Duration.ofMillis(250);

  // Virtual transactions are visible to every role, when they began is not. PostgreSQL does not
  // wait for VACUUM; another build it knows best itself.
  private static final String OPEN =
      """
      select l.virtualtransaction, a.pid, coalesce(a.application_name, ''),
        cast(extract(epoch from clock_timestamp() - a.xact_start) as bigint)
      from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'virtualxid' and l.granted and a.datname = current_database()
        and a.pid <> pg_backend_pid()
        and (a.backend_xid is not null or a.backend_xmin is not null
          or exists (select from pg_catalog.pg_locks r where r.pid = a.pid
            and r.locktype = 'relation' and r.relation >= 16384))
        and not exists (select from pg_catalog.pg_stat_progress_vacuum v where v.pid = a.pid)
        and not exists (select from pg_catalog.pg_stat_progress_create_index i
          where i.pid = a.pid)
      """;

  private OldTransactions() {}

  private record Open(String transaction, Blocker session) {}

  /** The budget is spent, and some are still open. */
  static final class Remain extends SQLException {
    private static final long serialVersionUID = 1;

    private final transient List<Blocker> blockers;

    Remain(List<Blocker> blockers) {
      super("Transactions that the statement would wait for did not end", SqlStates.LOCK_TIMEOUT);
      this.blockers = blockers;
    }

    List<Blocker> blockers() {
      return blockers;
    }
  }

  /**
   * Waits for those that are open now, but not for later ones; outside a transaction.
   *
   * @throws Remain if they have not ended within the script's lock budget
   */
  static void await(Application application) throws SQLException {
    Connection connection = application.session().connection();
    long began = System.nanoTime();
    long budget = application.timeouts().lockBudget().toNanos();
    Set<String> old = new HashSet<>();
    List<Open> open = open(connection);
    open.forEach(each -> old.add(each.transaction()));
    while (!open.isEmpty() && !application.cancel().isCancelled()) {
      List<Blocker> blockers = open.stream().map(Open::session).toList();
      if (System.nanoTime() - began >= budget) {
        throw new Remain(blockers);
      }
      application.listener().waiting(blockers);
      application.cancel().sleeps(PAUSE);
      open = open(connection);
      open.removeIf(each -> !old.contains(each.transaction()));
    }
  }

  private static List<Open> open(Connection connection) throws SQLException {
    List<Open> open = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OPEN)) {
      while (row.next()) {
        Long age = row.getObject(4, Long.class);
        Duration since = age == null ? null : Duration.ofSeconds(age);
        open.add(new Open(row.getString(1), new Blocker(row.getInt(2), row.getString(3), since)));
      }
    }
    return open;
  }
}
