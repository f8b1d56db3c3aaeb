package io.whimbrel.executor.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything a database consists of but its rows, as PostgreSQL describes it. Two structures that
 * share what neither of them changed are compared by what differs only.
 */
public final class Structure {
  /** What is read together: a relation with all that belongs to it, a type, a routine, the rest. */
  record Unit(char group, long oid) {}

  private final Map<Unit, List<StructureObject>> units;

  Structure(Map<Unit, List<StructureObject>> units) {
    this.units = units;
  }

  /** The same, with some units as they are now; those that are no more have no objects. */
  Structure with(Map<Unit, List<StructureObject>> fresh) {
    Map<Unit, List<StructureObject>> all = new HashMap<>(units);
    fresh.forEach(
        (unit, objects) -> {
          if (objects.isEmpty()) {
            all.remove(unit);
          } else if (!objects.equals(all.get(unit))) {
            all.put(unit, objects);
          }
        });
    return new Structure(all);
  }

  Set<Unit> units() {
    return units.keySet();
  }

  public Stream<StructureObject> objects() {
    return units.values().stream().flatMap(List::stream);
  }

  /** A relation and what belongs to it; empty if there is none of that number. */
  public List<StructureObject> relation(long oid) {
    return units.getOrDefault(new Unit('r', oid), List.of());
  }

  /** Whether a relation, or what belongs to one, is here by its number. */
  public boolean has(StructureObject object) {
    return relation(object.oid()).stream().anyMatch(o -> o.number().equals(object.number()));
  }

  /** The objects of the units that are not the same in both. */
  public List<StructureObject> apartFrom(Structure other) {
    List<StructureObject> objects = new ArrayList<>();
    units.forEach(
        (unit, mine) -> {
          List<StructureObject> theirs = other.units.get(unit);
          if (mine != theirs && !mine.equals(theirs)) {
            objects.addAll(mine);
          }
        });
    return objects;
  }

  /** In what {@code found} is not as this is; the order of columns does not count. */
  public List<StructureDifference> differences(Structure found) {
    Map<String, StructureObject> expected = byIdentity(apartFrom(found));
    Map<String, StructureObject> actual = byIdentity(found.apartFrom(this));
    List<StructureDifference> differences = new ArrayList<>();
    expected.forEach((name, object) -> compare(object, actual.get(name), differences));
    actual.forEach(
        (name, object) -> {
          if (!expected.containsKey(name)) {
            differences.add(whole(object, false));
          }
        });
    return differences;
  }

  /** The relations whose columns are the same, but in another order. */
  public Set<String> otherOrder(Structure found) {
    Map<String, List<String>> expected = order(apartFrom(found));
    Map<String, List<String>> actual = order(found.apartFrom(this));
    Set<String> relations = new TreeSet<>();
    expected.forEach(
        (relation, columns) -> {
          List<String> theirs = actual.getOrDefault(relation, columns);
          if (!theirs.equals(columns) && new HashSet<>(theirs).equals(new HashSet<>(columns))) {
            relations.add(relation);
          }
        });
    return relations;
  }

  private static Map<String, List<String>> order(List<StructureObject> objects) {
    Map<String, List<String>> order = new LinkedHashMap<>();
    objects.stream()
        .filter(object -> object.is("COLUMN"))
        .sorted(java.util.Comparator.comparingInt(StructureObject::sub))
        .forEach(
            c -> order.computeIfAbsent(c.parent() + "", k -> new ArrayList<>()).add(c.local()));
    return order;
  }

  private static Map<String, StructureObject> byIdentity(List<StructureObject> objects) {
    Map<String, StructureObject> named = new LinkedHashMap<>();
    objects.forEach(object -> named.put(object.identity(), object));
    return named;
  }

  private static void compare(
      StructureObject expected,
      @Nullable StructureObject found,
      List<StructureDifference> differences) {
    if (found == null) {
      differences.add(whole(expected, true));
      return;
    }
    Set<String> aspects = new TreeSet<>(expected.aspects().keySet());
    aspects.addAll(found.aspects().keySet());
    for (String aspect : aspects) {
      String mine = expected.aspect(aspect);
      String theirs = found.aspect(aspect);
      if (!Spelling.same(mine, theirs)) {
        differences.add(
            new StructureDifference(expected.kind(), expected.name(), aspect, mine, theirs));
      }
    }
  }

  private static StructureDifference whole(StructureObject object, boolean missing) {
    String definition = object.aspects().getOrDefault("definition", object.name());
    return new StructureDifference(
        object.kind(),
        object.name(),
        null,
        missing ? definition : null,
        missing ? null : definition);
  }
}
