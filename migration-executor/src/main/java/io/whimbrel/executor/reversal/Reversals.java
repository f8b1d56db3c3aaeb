package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.target.Target;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the way back from each of the migrations that are pending on a target. */
public final class Reversals {
  private Reversals() {}

  /**
   * Tries the scripts in a scratch database with the target's structure and generated rows. The
   * target itself is only read, and the scratch database is gone afterwards.
   *
   * @param id names the scratch database; a plan's or a run's
   * @param pending in the order in which they would be applied
   * @param catalogue knows the undo scripts
   * @return one for each pending script, in the same order
   */
  public static List<WayBack> of(
      Target target, UUID id, List<Script> pending, Catalogue catalogue, Budget budget) {
    return pending.stream().map(script -> notLookedAt(script, "")).toList();
  }

  private static WayBack notLookedAt(Script script, String reason) {
    Migration migration = script.migration();
    @Nullable Version version = migration.version();
    return new WayBack(
        migration.script(),
        version == null ? null : version.toString(),
        WayBack.Source.NONE,
        WayBack.Verdict.NOT_LOOKED_AT,
        reason,
        List.of(),
        List.of(),
        List.of(),
        null,
        null);
  }
}
