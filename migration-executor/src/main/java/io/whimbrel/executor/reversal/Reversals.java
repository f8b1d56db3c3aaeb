package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.rehearsal.ScratchDatabase;
import io.whimbrel.executor.reversal.fill.GeneratedRows;
import io.whimbrel.executor.schema.SchemaUnreadable;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.executor.schema.StructureObject;
import io.whimbrel.target.Target;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the way back from each of the migrations that are pending on a target. */
public final class Reversals {
  private final Target target;
  private final List<Script> pending;
  private final Catalogue catalogue;
  private final Budget budget;
  private final long begin = System.nanoTime();
  private final List<WayBack> ways = new ArrayList<>();

  /** Places of the scripts that could not be tried, as they failed. */
  private final Set<Integer> failed = new HashSet<>();

  private Reversals(Target target, List<Script> pending, Catalogue catalogue, Budget budget) {
    this.target = target;
    this.pending = pending;
    this.catalogue = catalogue;
    this.budget = budget;
  }

  /**
   * Tries the scripts in a scratch database with the target's structure and generated rows; those
   * that fail on such rows, and those that need what these would have made, once more without any.
   * The target itself is only read, and the scratch database is gone afterwards. What goes wrong is
   * said of the migrations that are not looked at because of it.
   *
   * @param id names the scratch database; a plan's or a run's
   * @param pending in the order in which they would be applied
   * @param catalogue knows the undo scripts
   * @return one for each pending script, in the same order
   */
  public static List<WayBack> of(
      Target target, UUID id, List<Script> pending, Catalogue catalogue, Budget budget) {
    if (pending.isEmpty()) {
      return List.of();
    }
    Reversals withRows = tried(target, id, pending, catalogue, budget);
    Duration left = budget.time().minusNanos(System.nanoTime() - withRows.begin);
    if (withRows.failed.isEmpty() || budget.rows() == 0 || left.isNegative()) {
      return withRows.ways;
    }
    UUID second = UUID.nameUUIDFromBytes(("whimbrel-empty:" + id).getBytes(StandardCharsets.UTF_8));
    return withRows.completedBy(
        tried(target, second, pending, catalogue, new Budget(left, 0)).ways);
  }

  private static Reversals tried(
      Target target, UUID id, List<Script> pending, Catalogue catalogue, Budget budget) {
    Reversals reversals = new Reversals(target, pending, catalogue, budget);
    try {
      reversals.look(id);
    } catch (SchemaUnreadable e) {
      reversals.leaveRest(e.getMessage());
    } catch (SQLException e) {
      reversals.leaveRest(ScratchDatabase.reason(e));
    }
    return reversals;
  }

  /** Where generated rows were in the way, what could be told of the structure without any. */
  private List<WayBack> completedBy(List<WayBack> withoutRows) {
    List<WayBack> all = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      WayBack with = ways.get(i);
      WayBack without = withoutRows.get(i);
      boolean better = failed.contains(i) && without.verdict() != WayBack.Verdict.NOT_LOOKED_AT;
      all.add(better ? without.noting("Tried without rows: " + with.reason() + ".") : with);
    }
    return all;
  }

  private void look(UUID id) throws SQLException, SchemaUnreadable {
    String application = "whimbrel-reversal:" + id;
    UUID own = UUID.nameUUIDFromBytes(application.getBytes(StandardCharsets.UTF_8));
    try (Connection real = target.connect(target.executor(), application);
        ScratchDatabase scratch = ScratchDatabase.create(real, target, own);
        Connection connection = scratch.connect(application)) {
      List<StructureDifference> gaps =
          ScratchStructure.make(real, connection, target.rehearsal() == null);
      Session session = new Session(connection, target);
      GeneratedRows rows = new GeneratedRows(connection, budget.rows());
      each(session, new Proof(session, rows, new Gaps(gaps)), filled(session, rows));
    }
  }

  private static State filled(Session session, GeneratedRows rows) throws SQLException {
    session.begin();
    State empty = session.look();
    Set<Long> tables =
        empty
            .structure()
            .objects()
            .filter(o -> o.is("TABLE"))
            .map(StructureObject::oid)
            .collect(Collectors.toSet());
    if (tables.isEmpty()) {
      session.commit();
      return empty;
    }
    rows.fill(tables);
    State filled = session.look(empty);
    session.commit();
    return filled;
  }

  private void each(Session session, Proof proof, State start) throws SQLException {
    State state = start;
    @Nullable String before = null;
    for (Script script : pending) {
      long left = budget.time().toNanos() - (System.nanoTime() - begin);
      if (left <= 0) {
        leaveRest("the time for it, " + budget.time().toSeconds() + " s, was over");
        return;
      }
      try {
        boolean thorough = left > budget.time().toNanos() / 2;
        Found found =
            script.standsAlone()
                ? new OutsideProof(session).of(script, undo(script), state)
                : proof.of(script, undo(script), state, thorough);
        ways.add(found.wayBack());
        state = found.next();
      } catch (OutsideProof.Broken e) {
        @Nullable WayBack found = e.found();
        if (found != null) {
          ways.add(found);
        }
        leaveRest(e.getMessage() + ", and what it has left cannot be told");
        return;
      } catch (ScriptFails | Refusal e) {
        session.giveUp();
        failed.add(ways.size());
        ways.add(Verdicts.notLookedAt(script, said(e, before)));
        before = before == null ? script.migration().script() : before;
      }
    }
    trust(session, state);
  }

  // What was read bit by bit has to be what there is; if it is not, nothing that was said holds.
  private void trust(Session session, State state) throws SQLException {
    session.begin();
    List<StructureDifference> missed = state.structure().differences(session.look().structure());
    session.giveUp();
    if (!missed.isEmpty()) {
      ways.clear();
      failed.clear();
      leaveRest(
          "a change went unseen, so no proof holds: " + missed.get(0).summary() + "; report this");
    }
  }

  private static String said(Exception e, @Nullable String before) {
    String message = String.valueOf(e.getMessage());
    return before == null ? message : message + "; " + before + ", before it, could not be tried";
  }

  private @Nullable Script undo(Script script) {
    Migration migration = script.migration();
    @Nullable Version version = migration.version();
    return version == null
        ? null
        : catalogue.undoOf(version).map(m -> Script.of(m, script.placeholders())).orElse(null);
  }

  private void leaveRest(String reason) {
    pending.stream()
        .skip(ways.size())
        .toList()
        .forEach(script -> ways.add(Verdicts.notLookedAt(script, reason)));
  }
}
