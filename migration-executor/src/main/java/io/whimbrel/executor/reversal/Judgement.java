package io.whimbrel.executor.reversal;

import io.whimbrel.executor.reversal.WayBack.Verdict;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an attempt says of an undo. Equal is not enough: contents that could not have shown a loss,
 * because a table was empty, a column held one value only, or a condition met no row, prove nothing
 * about rows.
 *
 * @param wrong whether the undo itself is to blame
 */
record Judgement(
    Verdict verdict,
    String reason,
    List<StructureDifference> differences,
    List<Loss> losses,
    List<String> notes,
    boolean wrong) {

  private static Judgement of(Verdict verdict, String reason, boolean wrong) {
    return new Judgement(verdict, reason, List.of(), List.of(), List.of(), wrong);
  }

  /**
   * @param up after the migration
   */
  static Judgement of(State up, Attempt attempt) {
    if (attempt.failure() != null) {
      return of(Verdict.NOT_PROVEN, attempt.failure(), true);
    }
    State before = attempt.before();
    List<StructureDifference> differences =
        before.structure().differences(attempt.down().structure());
    if (!differences.isEmpty()) {
      String first =
          differences.stream()
              .limit(3)
              .map(StructureDifference::summary)
              .collect(Collectors.joining(", "));
      String more = differences.size() > 3 ? " and " + (differences.size() - 3) + " more" : "";
      return new Judgement(
          Verdict.NOT_PROVEN, "after it, " + first + more, differences, List.of(), List.of(), true);
    }
    List<String> notes =
        before.structure().otherOrder(attempt.down().structure()).stream()
            .map(table -> "The same but for the order of the columns of " + table + ".")
            .toList();
    Judgement rows = rows(before, up, attempt);
    return new Judgement(
        rows.verdict(),
        rows.reason(),
        List.of(),
        rows.losses(),
        java.util.stream.Stream.concat(notes.stream(), rows.notes().stream()).toList(),
        rows.wrong());
  }

  private static Judgement rows(State before, State up, Attempt attempt) {
    Set<String> others = before.contents().differences(attempt.down().contents());
    List<StructureObject> anew = madeAnew(before, attempt.down());
    List<Loss> losses = new ArrayList<>();
    List<String> byUndo = new ArrayList<>();
    for (StructureObject object : anew) {
      boolean restored = !others.contains(table(object)) && covered(before, object);
      if (restored) {
        continue;
      }
      if (up.structure().has(object)) {
        byUndo.add(object.name());
      } else {
        losses.add(
            new Loss(
                SqlName.table(table(object)),
                object.is("COLUMN") ? SqlName.plain(object.local()) : null));
      }
    }
    if (!byUndo.isEmpty()) {
      return of(
          Verdict.NOT_PROVEN,
          "it drops and adds again what the migration has kept: " + String.join(", ", byUndo),
          true);
    }
    Set<String> lost =
        anew.stream()
            .map(Judgement::table)
            .filter(
                name -> losses.stream().anyMatch(loss -> loss.table().equals(SqlName.table(name))))
            .collect(Collectors.toSet());
    List<String> open = others.stream().filter(name -> !lost.contains(name)).toList();
    if (!open.isEmpty()) {
      return otherContents(before, up, attempt, open, losses);
    }
    if (!losses.isEmpty()) {
      return new Judgement(
          Verdict.LOSES_DATA,
          "the migration drops "
              + losses.stream().limit(5).map(Loss::name).collect(Collectors.joining(", "))
              + "; the structure comes back, the contents are in the backup only",
          List.of(),
          losses,
          List.of(),
          false);
    }
    return again(before, up, attempt);
  }

  private static Judgement otherContents(
      State before, State up, Attempt attempt, List<String> names, List<Loss> losses) {
    Map<String, TableContents> were = byName(before);
    Map<String, TableContents> are = byName(attempt.down());
    Map<String, TableContents> meanwhile = byName(up);
    List<Loss> all = new ArrayList<>(losses);
    List<String> words = new ArrayList<>();
    boolean gone = true;
    for (String name : names) {
      TableContents was = were.get(name);
      TableContents is = are.get(name);
      TableContents between = meanwhile.get(name);
      if (was == null || was.isSequence()) {
        words.add("the position of sequence " + name);
        gone = false;
      } else if (is != null && is.rows() > was.rows()) {
        words.add("rows that were added to " + name);
        gone = false;
      } else {
        words.add("the rows of " + name);
        boolean byMigration = between == null || !between.sameAs(was);
        gone &= byMigration;
        if (byMigration) {
          all.add(new Loss(SqlName.table(name), null));
        }
      }
    }
    String what = words.stream().limit(5).collect(Collectors.joining(", "));
    return gone
        ? new Judgement(
            Verdict.LOSES_DATA,
            "the undo does not bring back " + what + "; the backup holds them",
            List.of(),
            all,
            List.of(),
            true)
        : new Judgement(
            Verdict.NOT_PROVEN, "after it, these differ: " + what, List.of(), all, List.of(), true);
  }

  private static Judgement again(State before, State up, Attempt attempt) {
    List<String> notes = new ArrayList<>();
    if (!attempt.again().isEmpty() && !attempt.volatileUp()) {
      return of(
          Verdict.NOT_PROVEN,
          "going up again does not give what going up gave: "
              + attempt.again().stream().limit(5).collect(Collectors.joining(", ")),
          true);
    }
    if (!attempt.again().isEmpty()) {
      notes.add("The migration gives other values each time that it runs.");
    }
    Set<String> weak = weak(before, up, attempt);
    if (weak.isEmpty()) {
      return new Judgement(
          Verdict.PROVEN,
          "after up and down, structure and rows are as before",
          List.of(),
          List.of(),
          notes,
          false);
    }
    return new Judgement(
        Verdict.STRUCTURE_ONLY,
        "the structure is as before; generated rows do not tell what becomes of "
            + weak.stream().limit(5).collect(Collectors.joining(", ")),
        List.of(),
        List.of(),
        notes,
        false);
  }

  /** What was touched and whose generated contents could not have shown a loss. */
  private static Set<String> weak(State before, State up, Attempt attempt) {
    Set<String> weak = new TreeSet<>();
    Set<Long> touched = new HashSet<>(up.locks().rewritable());
    touched.addAll(attempt.down().locks().rewritable());
    for (Long oid : touched) {
      TableContents held = before.contents().tables().get(oid);
      if (held == null || !held.kind().equals("TABLE")) {
        continue;
      }
      Locks then = attempt.down().locks();
      boolean unmet =
          (up.locks().written().contains(oid) && !up.locks().met().contains(oid))
              || (then.written().contains(oid) && !then.met().contains(oid));
      if (held.rows() == 0) {
        weak.add("the rows of " + held.name() + ", which has none");
      } else if (unmet) {
        weak.add("the rows of " + held.name() + " that a condition would meet");
      }
    }
    changedColumns(before, up).stream()
        .filter(column -> !covered(before, column))
        .forEach(column -> weak.add("column " + column.name()));
    return weak;
  }

  private static List<StructureObject> changedColumns(State before, State up) {
    Map<Object, StructureObject> later = new HashMap<>();
    up.structure().apartFrom(before.structure()).forEach(o -> later.put(o.number(), o));
    return before.structure().apartFrom(up.structure()).stream()
        .filter(Judgement::holdsValues)
        .filter(
            column -> {
              StructureObject now = later.get(column.number());
              return now != null
                  && !java.util.Objects.equals(now.aspect("type"), column.aspect("type"));
            })
        .toList();
  }

  /** Tables and columns that have the same name in both and are not the same. */
  private static List<StructureObject> madeAnew(State before, State down) {
    Map<Object, StructureObject> there = new HashMap<>();
    down.structure().apartFrom(before.structure()).forEach(o -> there.put(o.number(), o));
    List<StructureObject> anew = new ArrayList<>();
    for (StructureObject o : before.structure().apartFrom(down.structure())) {
      boolean table = o.is("TABLE") && "r".equals(o.aspect("definition"));
      if ((table || holdsValues(o)) && !there.containsKey(o.number())) {
        anew.add(o);
      }
    }
    Set<Long> tables =
        anew.stream()
            .filter(o -> o.is("TABLE"))
            .map(StructureObject::oid)
            .collect(Collectors.toSet());
    anew.removeIf(o -> o.is("COLUMN") && tables.contains(o.oid()));
    return anew;
  }

  private static boolean holdsValues(StructureObject o) {
    return o.is("COLUMN") && "r".equals(o.aspect("relation kind")) && !o.has("generated");
  }

  private static boolean covered(State before, StructureObject o) {
    TableContents held = before.held(o.oid());
    return o.is("COLUMN") ? held.distinct().getOrDefault(o.local(), 0L) >= 2 : held.rows() > 0;
  }

  private static String table(StructureObject o) {
    return o.is("COLUMN") ? String.valueOf(o.parent()) : o.name();
  }

  private static Map<String, TableContents> byName(State state) {
    Map<String, TableContents> contents = new HashMap<>();
    state.contents().tables().values().forEach(t -> contents.put(t.name(), t));
    return contents;
  }
}
