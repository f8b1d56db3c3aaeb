package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Statements that give an object the aspects it had. */
final class Alteration {
  /** Aspects that follow from others. */
  private static final Set<String> FOLLOWING =
      Set.of("relation kind", "index", "type", "identity", "invalid");

  private final StructureObject want;
  private final Map<String, String> have;
  private final boolean fresh;
  private final List<String> statements = new ArrayList<>();
  private @Nullable String unknown;

  private Alteration(StructureObject want, Map<String, String> have, boolean fresh) {
    this.want = want;
    this.have = have;
    this.fresh = fresh;
  }

  /** What came of it: statements, or an aspect for which there is none. */
  record Result(List<String> statements, @Nullable String unknown) {}

  /** From what it is now to what it was. */
  static Result between(StructureObject want, StructureObject now) {
    return new Alteration(want, now.aspects(), false).result();
  }

  /** From what {@link Creation} makes of it. */
  static Result afterCreation(StructureObject want) {
    Map<String, String> made = new HashMap<>(want.aspects());
    made.keySet().removeAll(Creation.AFTERWARDS);
    if (want.is("COLUMN")) {
      made.remove("options");
    }
    if (want.has("owner")) {
      made.put("owner", Objects.requireNonNull(want.aspect("owner")));
    }
    return new Alteration(want, made, true).result();
  }

  private Result result() {
    if (want.is("COLUMN")) {
      ColumnAlteration column = new ColumnAlteration(want, have);
      statements.addAll(column.statements());
      unknown = column.unknown();
    } else if (want.is("PUBLICATION") && !fresh) {
      statements.addAll(Publications.alteration(want, with(have)));
    }
    Set<String> aspects = new TreeSet<>(want.aspects().keySet());
    aspects.addAll(have.keySet());
    for (String aspect : aspects) {
      if (!Objects.equals(want.aspect(aspect), have.get(aspect))) {
        aspect(aspect, want.aspect(aspect), have.get(aspect));
      }
    }
    return new Result(statements, unknown);
  }

  private StructureObject with(Map<String, String> aspects) {
    return new StructureObject(
        want.kind(), want.oid(), want.sub(), want.parent(), want.name(), want.local(), aspects);
  }

  private void aspect(String aspect, @Nullable String value, @Nullable String now) {
    switch (aspect) {
      case "comment" ->
          statements.add(
              "COMMENT ON "
                  + Naming.full(want)
                  + " IS "
                  + (value == null ? "NULL" : Quoted.literal(value)));
      case "owner" -> statements.add(alter() + " OWNER TO " + value);
      case "rights" ->
          statements.addAll(
              Rights.statements(want, fresh ? null : now, value == null ? "" : value));
      case "definition" -> definition();
      case "enabled" -> enabled(value);
      case "options" ->
          options(value, now, want.is("COLUMN") ? ColumnAlteration.of(want) : alter());
      case "toast options" -> options(value, now, alter());
      case "statistics" -> statistics(value);
      case "replica identity" ->
          statements.add(alter() + " REPLICA IDENTITY " + (value == null ? "DEFAULT" : value));
      case "row security" ->
          statements.add(
              alter() + (value == null ? " DISABLE" : " ENABLE") + " ROW LEVEL SECURITY");
      case "forced row security" ->
          statements.add(
              alter() + (value == null ? " NO FORCE" : " FORCE") + " ROW LEVEL SECURITY");
      case "persistence" ->
          statements.add(alter() + " SET " + (value == null ? "LOGGED" : "UNLOGGED"));
      case "owned by" -> ownedBy(value);
      case "clustered" ->
          statements.add(
              "ALTER TABLE "
                  + want.parent()
                  + (value == null ? " SET WITHOUT CLUSTER" : " CLUSTER ON " + want.local()));
      case "partition of" -> partition(value, now);
      case "inherits" -> inherits(value, now);
      case "tablespace" ->
          statements.add(alter() + " SET TABLESPACE " + (value == null ? "pg_default" : value));
      case "access method" ->
          statements.add(alter() + " SET ACCESS METHOD " + (value == null ? "heap" : value));
      case "schema" -> statements.add(alter() + " SET SCHEMA " + value);
      case "populated" ->
          statements.add(
              "REFRESH MATERIALIZED VIEW "
                  + want.name()
                  + ("true".equals(value) ? "" : " WITH NO DATA"));
      default -> other(aspect, value);
    }
  }

  private void other(String aspect, @Nullable String value) {
    boolean follows =
        FOLLOWING.contains(aspect)
            || want.is("COLUMN")
            || aspect.equals("inherited")
            || aspect.equals("partition bound")
            || want.is("PUBLICATION");
    if (follows) {
      return;
    }
    if (want.is("DOMAIN") && aspect.equals("default")) {
      statements.add(alter() + (value == null ? " DROP DEFAULT" : " SET DEFAULT " + value));
    } else if (want.is("DOMAIN") && aspect.equals("not null")) {
      statements.add(alter() + (value == null ? " DROP" : " SET") + " NOT NULL");
    } else {
      unknown = aspect + " of " + want.kind() + " " + want.name();
    }
  }

  private String alter() {
    return "ALTER " + Naming.altered(want) + " " + want.name();
  }

  private void definition() {
    switch (want.kind()) {
      case "SEQUENCE" ->
          statements.add("ALTER SEQUENCE " + want.name() + " " + Creation.definition(want));
      case "FUNCTION", "PROCEDURE" -> statements.add(Creation.definition(want));
      case "VIEW" ->
          statements.add(
              "CREATE OR REPLACE VIEW " + want.name() + " AS " + Creation.definition(want));
      case "TRIGGER", "RULE", "POLICY", "INDEX", "STATISTICS" -> anew("DROP " + Naming.full(want));
      case "CONSTRAINT" ->
          anew("ALTER TABLE " + want.parent() + " DROP CONSTRAINT " + want.local());
      case "DOMAIN CONSTRAINT" ->
          anew("ALTER DOMAIN " + want.parent() + " DROP CONSTRAINT " + want.local());
      case "ENUM", "PUBLICATION" -> {}
      default -> unknown = "definition of " + want.kind() + " " + want.name();
    }
  }

  private void anew(String drop) {
    if (want.has("constraint") || "only".equals(want.aspect("inherited"))) {
      return;
    }
    statements.add(drop);
    statements.add(Objects.requireNonNull(new Creation(List.of()).of(want)));
    statements.addAll(afterCreation(want).statements());
  }

  private void enabled(@Nullable String value) {
    String how =
        switch (value == null ? "O" : value) {
          case "D" -> "DISABLE";
          case "R" -> "ENABLE REPLICA";
          case "A" -> "ENABLE ALWAYS";
          default -> "ENABLE";
        };
    statements.add(
        "ALTER TABLE " + want.parent() + " " + how + " " + want.kind() + " " + want.local());
  }

  private void options(@Nullable String value, @Nullable String now, String alter) {
    List<String> kept = Lists.split(value, ", ").stream().map(Alteration::key).toList();
    List<String> gone =
        Lists.split(now, ", ").stream()
            .map(Alteration::key)
            .filter(key -> !kept.contains(key))
            .toList();
    if (!gone.isEmpty()) {
      statements.add(alter + " RESET (" + String.join(", ", gone) + ")");
    }
    if (value != null) {
      statements.add(alter + " SET (" + value + ")");
    }
  }

  private static String key(String option) {
    return option.substring(0, option.indexOf('='));
  }

  private void statistics(@Nullable String value) {
    if (!want.is("INDEX")) {
      statements.add(
          (want.is("COLUMN") ? ColumnAlteration.of(want) : alter())
              + " SET STATISTICS "
              + (value == null ? "-1" : value));
      return;
    }
    Map<String, String> targets = new TreeMap<>();
    Lists.split(have.get("statistics"), ", ").forEach(one -> targets.put(number(one), "-1"));
    Lists.split(value, ", ")
        .forEach(one -> targets.put(number(one), one.substring(number(one).length() + 1)));
    targets.forEach(
        (number, target) ->
            statements.add(alter() + " ALTER COLUMN " + number + " SET STATISTICS " + target));
  }

  private static String number(String column) {
    return column.substring(0, column.indexOf(' '));
  }

  private void ownedBy(@Nullable String value) {
    if (!want.has("identity")) {
      statements.add(alter() + " OWNED BY " + (value == null ? "NONE" : value));
    }
  }

  private void partition(@Nullable String value, @Nullable String now) {
    if (want.is("INDEX")) {
      if (value != null) {
        statements.add("ALTER INDEX " + value + " ATTACH PARTITION " + want.name());
      }
      return;
    }
    if (now != null) {
      statements.add("ALTER TABLE " + now + " DETACH PARTITION " + want.name());
    }
    if (value != null) {
      statements.add(
          "ALTER TABLE "
              + value
              + " ATTACH PARTITION "
              + want.name()
              + " "
              + want.aspect("partition bound"));
    }
  }

  private void inherits(@Nullable String value, @Nullable String now) {
    List<String> wanted = Lists.split(value, ", ");
    List<String> present = Lists.split(now, ", ");
    present.stream()
        .filter(parent -> !wanted.contains(parent))
        .forEach(parent -> statements.add(alter() + " NO INHERIT " + parent));
    wanted.stream()
        .filter(parent -> !present.contains(parent))
        .forEach(parent -> statements.add(alter() + " INHERIT " + parent));
  }
}
