package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.executor.schema.StructureObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Statements that make the structure of one database like that of another. */
public final class Transition {
  /** Keeps the numbers of one database apart from those of the other. */
  private static final long FAR = 1L << 40;

  private Transition() {}

  /** Empty if they are alike. */
  public static List<String> statements(Structure made, Structure wanted) {
    Set<String> names =
        wanted.differences(made).stream()
            .map(StructureDifference::identity)
            .collect(Collectors.toSet());
    Map<String, StructureObject> there = new HashMap<>();
    made.objects().forEach(o -> there.put(o.identity(), o));
    List<StructureObject> now =
        there.values().stream().filter(o -> names.contains(o.identity())).toList();
    List<StructureObject> before =
        wanted
            .objects()
            .filter(o -> names.contains(o.identity()))
            .map(o -> renumbered(o, there))
            .toList();
    return DerivedUndo.of(before, now, List.copyOf(there.values())).statements();
  }

  // What has the same name is the same thing, in two databases.
  private static StructureObject renumbered(StructureObject o, Map<String, StructureObject> there) {
    StructureObject same = there.get(o.identity());
    return new StructureObject(
        o.kind(),
        same == null ? o.oid() + FAR : same.oid(),
        same == null ? o.sub() : same.sub(),
        o.parent(),
        o.name(),
        o.local(),
        o.aspects());
  }
}
