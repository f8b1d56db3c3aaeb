package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Derives the inverse of a migration from what its objects were and are. What kept its number and
 * changed its name is renamed, not dropped and made anew, so that its contents stay. Whether the
 * inverse is right is not decided here; the proof does that.
 */
public final class DerivedUndo {
  private final List<StructureObject> all;
  private final Map<Object, StructureObject> before = new LinkedHashMap<>();
  private final Map<Object, StructureObject> now = new LinkedHashMap<>();
  private final List<String> statements = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  private DerivedUndo(
      List<StructureObject> before, List<StructureObject> now, List<StructureObject> all) {
    this.all = all;
    before.forEach(object -> this.before.put(object.number(), object));
    now.forEach(object -> this.now.put(object.number(), object));
  }

  /**
   * What was derived.
   *
   * @param unknown what has no inverse that is known here; empty if all has
   * @param naming how many of the statements, from the first, give back names; what they leave to
   *     be done is better derived after they have run, as names stand in many definitions
   */
  public record Result(List<String> statements, List<String> unknown, int naming) {}

  public static Result of(Structure before, Structure after) {
    List<StructureObject> now = after.apartFrom(before);
    boolean labels = now.stream().anyMatch(o -> o.is("ENUM"));
    return of(before.apartFrom(after), now, labels ? after.objects().toList() : now);
  }

  /**
   * The same, of the objects in which two structures differ.
   *
   * @param all objects that there are now
   */
  public static Result of(
      List<StructureObject> before, List<StructureObject> now, List<StructureObject> all) {
    return new DerivedUndo(before, now, all).result();
  }

  private Result result() {
    drop();
    int drops = statements.size();
    rename();
    int naming = statements.size() == drops ? 0 : statements.size();
    create(false);
    alter();
    create(true);
    return new Result(statements, unknown, naming);
  }

  private List<StructureObject> only(
      Map<Object, StructureObject> these, Map<Object, StructureObject> notThese) {
    return these.values().stream().filter(o -> !notThese.containsKey(o.number())).toList();
  }

  private void drop() {
    List<StructureObject> created = only(now, before);
    Set<String> whole =
        created.stream()
            .filter(DerivedUndo::holdsOthers)
            .map(StructureObject::name)
            .collect(Collectors.toSet());
    created.stream()
        .filter(o -> o.parent() == null || !whole.contains(o.parent()))
        .filter(o -> !comesWithAnother(o))
        .sorted(KindOrder.DROPS)
        .forEach(o -> statements.addAll(Removal.of(o)));
  }

  private static boolean holdsOthers(StructureObject o) {
    return o.is(
        "TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW", "COMPOSITE TYPE", "DOMAIN", "ENUM");
  }

  private static boolean comesWithAnother(StructureObject o) {
    return Naming.ofView(o)
        || o.is("ENUM VALUE", "OPERATOR OF FAMILY", "FUNCTION OF FAMILY", "LARGE OBJECTS")
        || "only".equals(o.aspect("inherited"))
        || (o.is("INDEX") && (o.has("constraint") || o.has("partition of")))
        || (o.is("SEQUENCE") && o.has("identity"));
  }

  private void rename() {
    List<StructureObject> kept =
        now.values().stream().filter(o -> before.containsKey(o.number())).toList();
    for (boolean whole : new boolean[] {true, false}) {
      for (StructureObject o : kept) {
        StructureObject was = Objects.requireNonNull(before.get(o.number()));
        if ((o.parent() == null || o.is("INDEX")) == whole) {
          statements.addAll(Renaming.of(was, o, schemaRenamed(o, was)));
        }
      }
    }
  }

  private boolean schemaRenamed(StructureObject o, StructureObject was) {
    String from = Naming.schema(o);
    String to = Naming.schema(was);
    return now.values().stream()
        .anyMatch(
            s ->
                s.is("SCHEMA")
                    && from.equals(s.name() + ".")
                    && before.containsKey(s.number())
                    && to.equals(Objects.requireNonNull(before.get(s.number())).name() + "."));
  }

  // What shows columns comes last, as it would keep them from getting their types back.
  private void create(boolean late) {
    List<StructureObject> lost =
        only(before, now).stream().filter(o -> late == showsColumns(o)).toList();
    Creation creation = new Creation(lost);
    Set<String> whole =
        lost.stream()
            .filter(o -> o.is("TABLE", "COMPOSITE TYPE"))
            .map(StructureObject::name)
            .collect(Collectors.toSet());
    List<StructureObject> wanted =
        lost.stream()
            .filter(o -> !comesWithAnother(o))
            .filter(o -> !(o.is("COLUMN") && whole.contains(o.parent())))
            .filter(o -> !inTable(o, lost))
            .sorted(KindOrder.CREATIONS)
            .toList();
    for (StructureObject o : wanted) {
      if (o.is("DEFAULT PRIVILEGES")) {
        statements.addAll(
            Rights.statements(
                o, DefaultPrivileges.without(o), o.aspects().getOrDefault("rights", "")));
        continue;
      }
      @Nullable String statement = creation.of(o);
      if (statement == null) {
        unknown.add("creation of " + o.kind() + " " + o.name());
      } else {
        statements.add(statement);
      }
    }
    for (StructureObject o : lost) {
      if (!o.is(
          "ENUM VALUE",
          "DEFAULT PRIVILEGES",
          "USER MAPPING",
          "LARGE OBJECTS",
          "OPERATOR OF FAMILY",
          "FUNCTION OF FAMILY")) {
        take(Alteration.afterCreation(o));
      }
    }
  }

  private boolean showsColumns(StructureObject o) {
    return o.is("VIEW", "MATERIALIZED VIEW", "RULE", "TRIGGER", "POLICY")
        || Naming.ofView(o)
        || (o.is("INDEX")
            && before.values().stream()
                .anyMatch(m -> m.is("MATERIALIZED VIEW") && m.name().equals(o.parent())));
  }

  private static boolean inTable(StructureObject o, List<StructureObject> lost) {
    return lost.stream()
        .anyMatch(t -> t.is("TABLE") && !t.has("partition of") && Creation.notNullOf(o, t));
  }

  private void alter() {
    for (StructureObject o : now.values()) {
      StructureObject was = before.get(o.number());
      if (was == null) {
        continue;
      }
      if (was.is("ENUM") && labelsCame(o)) {
        statements.addAll(new EnumRebuild(was, all.stream()).statements());
        continue;
      }
      if (was.is("VIEW") && columnsDiffer(was)) {
        recreate(was);
        continue;
      }
      take(Alteration.between(was, o));
    }
  }

  private void recreate(StructureObject view) {
    statements.add("DROP VIEW " + view.name());
    statements.add(String.valueOf(new Creation(List.of()).of(view)));
    take(Alteration.afterCreation(view));
    before.values().stream()
        .filter(o -> o.is("COLUMN") && o.oid() == view.oid())
        .forEach(o -> take(Alteration.afterCreation(o)));
  }

  private boolean columnsDiffer(StructureObject view) {
    return now.values().stream()
            .anyMatch(o -> o.is("COLUMN") && o.oid() == view.oid() && differs(o))
        || before.values().stream()
            .anyMatch(o -> o.is("COLUMN") && o.oid() == view.oid() && !now.containsKey(o.number()));
  }

  private boolean differs(StructureObject column) {
    StructureObject was = before.get(column.number());
    return was == null
        || !was.local().equals(column.local())
        || !Objects.equals(was.aspect("type"), column.aspect("type"));
  }

  private boolean labelsCame(StructureObject type) {
    return now.values().stream()
        .anyMatch(
            o ->
                o.is("ENUM VALUE")
                    && Objects.equals(o.parent(), type.name())
                    && !before.containsKey(o.number()));
  }

  private void take(Alteration.Result result) {
    statements.addAll(result.statements());
    if (result.unknown() != null) {
      unknown.add(result.unknown());
    }
  }
}
