package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes labels away from an enum: a type of the old labels takes the place of the new one, in every
 * column that has it. PostgreSQL refuses it when a row has a label that goes; nothing is lost then.
 */
final class EnumRebuild {
  private final StructureObject type;
  private final List<StructureObject> now;

  /**
   * @param type as it was
   * @param now all objects there are, with the names they had
   */
  EnumRebuild(StructureObject type, Stream<StructureObject> now) {
    this.type = type;
    this.now = now.toList();
  }

  List<String> statements() {
    String schema = type.name().substring(0, type.name().length() - type.local().length());
    String aside = Quoted.name("whimbrel_" + type.oid());
    List<String> statements = new ArrayList<>();
    List<StructureObject> columns = now.stream().filter(this::uses).toList();
    List<StructureObject> bound = now.stream().filter(this::mentions).toList();
    List<StructureObject> views = now.stream().filter(this::shows).toList();
    views.forEach(view -> statements.add("DROP " + view.kind() + " " + view.name()));
    bound.forEach(object -> statements.add(drop(object)));
    columns.stream()
        .filter(column -> column.has("default"))
        .forEach(column -> statements.add(in(column) + " DROP DEFAULT"));
    statements.add("ALTER TYPE " + type.name() + " RENAME TO " + aside);
    statements.add("CREATE TYPE " + type.name() + " AS ENUM (" + Creation.definition(type) + ")");
    for (StructureObject column : columns) {
      String as = column.aspect("type");
      String through = String.valueOf(as).endsWith("[]") ? "::text[]::" : "::text::";
      statements.add(in(column) + " TYPE " + as + " USING " + column.local() + through + as);
    }
    columns.stream()
        .filter(column -> column.has("default"))
        .forEach(column -> statements.add(in(column) + " SET DEFAULT " + column.aspect("default")));
    statements.add("DROP TYPE " + schema + aside);
    statements.addAll(Alteration.afterCreation(type).statements());
    Creation creation = new Creation(List.of());
    Stream.concat(bound.stream(), views.stream())
        .forEach(
            object -> {
              statements.add(String.valueOf(creation.of(object)));
              statements.addAll(Alteration.afterCreation(object).statements());
            });
    return statements;
  }

  private boolean uses(StructureObject object) {
    String as = object.aspect("type");
    return object.is("COLUMN")
        && ("r".equals(object.aspect("relation kind"))
            || "p".equals(object.aspect("relation kind")))
        && !"only".equals(object.aspect("inherited"))
        && (type.name().equals(as) || (type.name() + "[]").equals(as));
  }

  /** Constraints and indexes whose expressions hold values of the type. */
  private boolean mentions(StructureObject object) {
    return ((object.is("INDEX") && !object.has("constraint"))
            || (object.is("CONSTRAINT")
                && "c".equals(object.aspect("type"))
                && !object.has("inherited")))
        && Creation.definition(object).contains("::" + type.name());
  }

  private boolean shows(StructureObject object) {
    if (!object.is("VIEW", "MATERIALIZED VIEW")) {
      return false;
    }
    return Creation.definition(object).contains(type.name())
        || now.stream()
            .anyMatch(
                column ->
                    column.is("COLUMN")
                        && column.oid() == object.oid()
                        && String.valueOf(column.aspect("type")).startsWith(type.name()));
  }

  private static String drop(StructureObject object) {
    return object.is("INDEX")
        ? "DROP INDEX " + object.name()
        : "ALTER TABLE " + object.parent() + " DROP CONSTRAINT " + object.local();
  }

  private static String in(StructureObject column) {
    return "ALTER TABLE " + column.parent() + " ALTER COLUMN " + column.local();
  }
}
