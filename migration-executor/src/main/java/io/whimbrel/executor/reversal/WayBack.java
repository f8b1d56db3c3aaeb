package io.whimbrel.executor.reversal;

import io.whimbrel.executor.schema.StructureDifference;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a migration can be taken back, and how certain that is.
 *
 * @param script the migration's file name
 * @param version null for a repeatable migration
 * @param source where the undo of this way comes from; {@code NONE} if there is none to run
 * @param verdict what going up, down and up again in a scratch database has shown
 * @param reason the verdict in a sentence
 * @param differences of the structure after the undo from the structure before the migration
 * @param losses contents that no undo brings back; the backup of a run holds them
 * @param notes what else is to be known, one sentence each
 * @param sql the derived inverse, statements ended by semicolons; null if none was derived or
 *     needed
 * @param shipped how the catalogue's own undo script did; null if it ships none
 */
public record WayBack(
    String script,
    @Nullable String version,
    Source source,
    Verdict verdict,
    String reason,
    List<StructureDifference> differences,
    List<Loss> losses,
    List<String> notes,
    @Nullable String sql,
    @Nullable ShippedUndo shipped) {

  /** Where an undo comes from. */
  public enum Source {
    UNDO_SCRIPT,
    DERIVED,
    NONE
  }

  /** What is known of a way back. */
  public enum Verdict {
    /** After up and down, structure and rows were as before; after up again, as after up. */
    PROVEN,
    /**
     * The structure was; a table that it concerns could not be filled well enough to judge rows.
     */
    STRUCTURE_ONLY,
    /** Something was not as before, or the undo failed. */
    NOT_PROVEN,
    /** The migration destroys contents that nothing but a backup brings back. */
    LOSES_DATA,
    /** There was no time, or it cannot be tried in a scratch database. */
    NOT_LOOKED_AT
  }

  public WayBack {
    differences = List.copyOf(differences);
    losses = List.copyOf(losses);
    notes = List.copyOf(notes);
  }

  /** The same with a note more. */
  WayBack noting(String note) {
    List<String> more = Stream.concat(notes.stream(), Stream.of(note)).toList();
    return new WayBack(
        script, version, source, verdict, reason, differences, losses, more, sql, shipped);
  }

  public boolean proven() {
    return verdict == Verdict.PROVEN;
  }
}
