package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Write;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.PGConnection;

/**
 * Asks PostgreSQL after every statement of a rehearsal what it has done: which locks its
 * transaction holds that it did not hold before, which catalogues the session's statistics say were
 * written to, and what of them is new, gone or different. Cheap enough to be asked a thousand
 * times: what no counter and no lock speaks of is not read.
 */
public final class Observer {
  private final Connection connection;
  private final Structure structure;
  private final Set<HeldMode> held = new HashSet<>();
  private final Map<Long, Long> scans = new HashMap<>();
  private Look last;
  private boolean outside;

  private record HeldMode(long relation, LockMode mode) {}

  private Observer(Connection connection) throws SQLException {
    this.connection = connection;
    planOnce();
    this.structure = new Structure(connection);
    transactionEnds();
    this.last = Look.at(connection);
  }

  /** Begins with what is there now, which is what there is on the target. */
  public static Observer begin(Connection connection) throws SQLException {
    return new Observer(connection);
  }

  // The same few questions are asked thousands of times, of catalogues that are small at first and
  // large in the end: planned once, and to go by the numbers that are asked for.
  private void planOnce() throws SQLException {
    connection.unwrap(PGConnection.class).setPrepareThreshold(1);
    try (var settings = connection.createStatement()) {
      settings.execute("SET plan_cache_mode = force_generic_plan");
      for (String way : List.of("seqscan", "hashjoin", "mergejoin")) {
        settings.execute("SET enable_" + way + " = off");
      }
    }
  }

  /** A transaction begins; what an earlier one held is gone. */
  public void transactionBegins() throws SQLException {
    held.clear();
    scans.clear();
    last = Look.at(connection);
  }

  /**
   * What a statement did in the transaction that is open.
   *
   * @param inTransaction whether it will run in that of its script
   */
  public StatementFacts seen(Statement statement, boolean inTransaction) throws SQLException {
    Look now = Look.at(connection);
    List<Look.Held> taken =
        now.held().stream()
            .filter(lock -> held.add(new HeldMode(lock.relation(), lock.mode())))
            .toList();
    Set<Long> scanned = scannedBy(now);
    String command = Command.of(statement);
    Structure.Step step = structure.readAfter(last, now, Command.mayGrant(command));
    outside |= now.wroteOutsideSince(last);
    var effects = new Effects(structure.names(), command, step, scanned, taken);
    long timeout = last.lockTimeoutMs();
    last = now;
    return new StatementFacts(
        statement.number(),
        statement.line(),
        1,
        command,
        inTransaction,
        true,
        timeout,
        locks(taken),
        effects.work(),
        writes(statement, command, taken, step),
        effects.truncated(),
        step.changes());
  }

  /** What a statement did that PostgreSQL refuses in a transaction; its locks are gone by now. */
  public StatementFacts seenAlone(Statement statement) throws SQLException {
    long timeout = last.lockTimeoutMs();
    Structure.Step step = structure.readAgain(true);
    String command = Command.of(statement);
    var effects = new Effects(structure.names(), command, step, Set.of(), List.of());
    return new StatementFacts(
        statement.number(),
        statement.line(),
        1,
        command,
        false,
        false,
        timeout,
        List.of(),
        effects.work(),
        List.of(),
        List.of(),
        step.changes());
  }

  /** Has to be called before a commit: counters that outlive it would tell of the next one. */
  public void transactionEnds() throws SQLException {
    try (var query = connection.prepareStatement("SELECT pg_catalog.pg_stat_force_next_flush()")) {
      query.execute();
    }
  }

  /** Whether roles, databases or settings of the server were changed, which must not be kept. */
  public boolean changedServer() {
    return outside;
  }

  private Set<Long> scannedBy(Look now) {
    Set<Long> scanned = new HashSet<>();
    for (Look.Held lock : now.held()) {
      Long before = scans.put(lock.relation(), lock.scans());
      if (lock.scans() > Objects.requireNonNullElse(before, 0L)) {
        scanned.add(lock.relation());
      }
    }
    return scanned;
  }

  private List<LockTaken> locks(List<Look.Held> taken) {
    List<LockTaken> locks = new ArrayList<>();
    for (Look.Held lock : taken) {
      TableName table = structure.names().onTarget(lock.table());
      if (table != null && !(lock.index() && !lock.mode().blocksWriters())) {
        locks.add(
            new LockTaken(
                table, lock.index() ? structure.indexName(lock.relation()) : null, lock.mode()));
      }
    }
    return locks;
  }

  private List<Write> writes(
      Statement statement, String command, List<Look.Held> taken, Structure.Step step)
      throws SQLException {
    if (PlannedWrites.appliesTo(command)) {
      return PlannedWrites.of(connection, statement, structure.names());
    }
    if (!step.changes().isEmpty() && !Command.opaque(command)) {
      return List.of();
    }
    TreeSet<TableName> tables = new TreeSet<>();
    if (command.equals("COPY")) {
      named(statement).ifPresent(tables::add);
    }
    for (Look.Held lock : taken) {
      TableName name = structure.names().now(lock.table());
      if (lock.mode() == LockMode.ROW_EXCLUSIVE
          && name != null
          && structure.isTable(lock.table())) {
        tables.add(name);
      }
    }
    String verb = command.equals("COPY") ? command : "WRITE";
    return tables.stream()
        .map(table -> new Write(table, structure.names().onTarget(table), verb))
        .toList();
  }

  private Optional<TableName> named(Statement copy) throws SQLException {
    if (copy.copyData() == null) {
      return Optional.empty();
    }
    try (var query =
        connection.prepareStatement(
            "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                + " ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass(?)")) {
      query.setString(1, Command.copiedTable(copy));
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(new TableName(row.getString(1), row.getString(2)))
            : Optional.empty();
      }
    }
  }
}
