package io.whimbrel.executor.drift;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.rehearsal.ScratchDatabase;
import io.whimbrel.executor.reversal.derive.Transition;
import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.executor.schema.StructureReader;
import io.whimbrel.target.Target;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Compares the structure of a target with what its schema history implies, which is found by
 * running the applied scripts again in an empty scratch database. The target is only read; the
 * scratch database is gone afterwards.
 */
public final class Drifts {
  /** Who ran a script is not in it. */
  private static final Set<String> OF_ROLES = Set.of("owner", "rights");

  private final Target target;
  private final Duration time;

  private Drifts(Target target, Duration time) {
    this.target = target;
    this.time = time;
  }

  /**
   * Compares; what keeps it from that is in the answer.
   *
   * @param id names the scratch database; a plan's
   * @param time after which it is given up
   */
  public static Drift of(
      Target target,
      UUID id,
      Catalogue catalogue,
      Placeholders placeholders,
      History history,
      Duration time) {
    try {
      List<Script> scripts = new AppliedScripts(catalogue, placeholders).of(history);
      return new Drifts(target, time).compare(id, scripts);
    } catch (Refusal e) {
      return unknown(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      return unknown(ScratchDatabase.reason(e));
    }
  }

  private static Drift unknown(String reason) {
    return new Drift(Drift.State.UNKNOWN, reason, List.of(), "");
  }

  private Drift compare(UUID id, List<Script> scripts) throws SQLException {
    String application = "whimbrel-drift:" + id;
    UUID own = UUID.nameUUIDFromBytes(application.getBytes(StandardCharsets.UTF_8));
    try (Connection real = target.connect(target.executor(), application);
        ScratchDatabase scratch = ScratchDatabase.create(real, target, own);
        Connection connection = scratch.connect(application)) {
      new Replay(connection, target, time).of(scripts);
      return compared(StructureReader.read(connection), StructureReader.read(real), scripts.size());
    }
  }

  private static Drift compared(Structure implied, Structure found, int scripts) {
    List<StructureDifference> all = implied.differences(found);
    Set<String> otherOwner =
        all.stream()
            .filter(d -> "owner".equals(d.aspect()))
            .map(StructureDifference::identity)
            .collect(Collectors.toSet());
    List<StructureDifference> differences =
        all.stream()
            .filter(
                d ->
                    d.aspect() == null
                        || !OF_ROLES.contains(d.aspect())
                        || !otherOwner.contains(d.identity()))
            .toList();
    if (differences.isEmpty()) {
      return new Drift(
          Drift.State.NONE,
          "the target is what its " + scripts + " applied scripts make",
          List.of(),
          "");
    }
    String ddl =
        Transition.statements(implied, found).stream()
            .map(statement -> statement + ";\n")
            .collect(Collectors.joining());
    return new Drift(
        Drift.State.FOUND,
        differences.size() + " differences from what its applied scripts make",
        differences,
        ddl);
  }

  /** A row that no script can be run again for is a reason not to compare. */
  static Refusal cannot(AppliedMigration row, String why) {
    return new Refusal("drift cannot be told, as " + row.script() + " " + why);
  }
}
