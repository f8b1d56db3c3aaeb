package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Write;
import io.whimbrel.target.Target;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the real target where pending scripts are about to touch it, with the role that will
 * apply them. It only reads: short transactions, no lock beyond ACCESS SHARE but for {@link
 * Explanations}, and no wait for whoever locks a table. What cannot be read is said to be unknown,
 * with the reason; only a target that is gone is an error. If it stops half way nothing is left.
 */
public final class ImpactReader {
  private ImpactReader() {}

  /**
   * Reads.
   *
   * @param name for {@code pg_stat_activity}: of the plan or the run
   * @param scripts in the order of the plan
   * @param facts what the rehearsal saw them do; empty if there was none
   * @throws SQLException if the target cannot be reached, or is gone half way
   */
  public static TargetImpact read(
      Target target,
      String name,
      List<Script> scripts,
      List<ScriptFacts> facts,
      ImpactSettings settings)
      throws SQLException, InterruptedException {
    try (ReadOnly session = ReadOnly.open(target, "whimbrel-impact:" + name, settings)) {
      Instant now = session.now();
      ServerImpact server = session.look(Onlookers::server);
      TableReader tables = new TableReader(session, settings, touched(facts));
      List<StatementImpact> statements = new PlannedChanges(session, settings).of(scripts, facts);
      List<ProbeResult> probes = new Probes(session, settings).of(scripts, facts, server.version());
      return new TargetImpact(now, server, tables.tables(), statements, probes);
    }
  }

  /** Tables of the target that a statement locks, reads through, writes to or changes. */
  public static NavigableSet<TableName> touched(List<ScriptFacts> facts) {
    NavigableSet<TableName> tables = new TreeSet<>();
    for (ScriptFacts script : facts) {
      for (StatementFacts statement : script.statements()) {
        statement.locks().forEach(lock -> tables.add(lock.table()));
        statement.work().forEach(work -> tables.add(work.table()));
        tables.addAll(statement.truncated());
        existing(statement.writes(), Write::onTarget).forEach(tables::add);
        Changes changes = statement.changes();
        existing(changes.columns(), change -> change.either().onTarget()).forEach(tables::add);
        existing(changes.indexes(), change -> change.either().onTarget()).forEach(tables::add);
        existing(changes.constraints(), change -> change.either().onTarget()).forEach(tables::add);
      }
    }
    return tables;
  }

  private static <T> Stream<TableName> existing(
      List<T> those, Function<T, @Nullable TableName> table) {
    return those.stream().map(table).filter(Objects::nonNull).map(Objects::requireNonNull);
  }
}
