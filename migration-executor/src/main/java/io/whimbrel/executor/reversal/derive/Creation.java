package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Statements that create an object as it was. */
final class Creation {
  /** What CREATE does not carry, so that it has to be altered afterwards. */
  static final Set<String> AFTERWARDS =
      Set.of(
          "storage",
          "compression",
          "statistics",
          "options of column",
          "replica identity",
          "row security",
          "forced row security",
          "enabled",
          "clustered",
          "owned by",
          "owner",
          "rights",
          "comment");

  private final List<StructureObject> lost;

  /**
   * @param lost all that is to be created; a table is created with its columns
   */
  Creation(List<StructureObject> lost) {
    this.lost = lost;
  }

  /** Null if there is no such statement that is known here. */
  @Nullable String of(StructureObject o) {
    return switch (o.kind()) {
      case "SCHEMA" -> "CREATE SCHEMA " + o.name();
      case "EXTENSION" ->
          "CREATE EXTENSION "
              + o.name()
              + " WITH SCHEMA "
              + o.aspect("schema")
              + " VERSION '"
              + o.aspect("definition")
              + "'";
      case "TABLE" -> table(o);
      case "COMPOSITE TYPE" -> "CREATE TYPE " + o.name() + " AS (" + columns(o) + ")";
      case "COLUMN" ->
          (compositeAttribute(o) ? "ALTER TYPE " : "ALTER TABLE ")
              + o.parent()
              + (compositeAttribute(o) ? " ADD ATTRIBUTE " : " ADD COLUMN ")
              + column(o);
      case "CONSTRAINT" -> add("TABLE", o);
      case "DOMAIN CONSTRAINT" -> add("DOMAIN", o);
      case "INDEX", "TRIGGER", "STATISTICS", "FUNCTION", "PROCEDURE", "RULE" -> definition(o);
      case "VIEW" -> "CREATE VIEW " + o.name() + with(o.aspect("options")) + " AS " + definition(o);
      case "MATERIALIZED VIEW" ->
          "CREATE MATERIALIZED VIEW "
              + o.name()
              + with(o.aspect("options"))
              + " AS "
              + definition(o)
              + ("true".equals(o.aspect("populated")) ? "" : " WITH NO DATA");
      case "SEQUENCE" -> "CREATE " + persistence(o) + "SEQUENCE " + o.name() + " " + definition(o);
      case "ENUM" -> "CREATE TYPE " + o.name() + " AS ENUM (" + definition(o) + ")";
      case "DOMAIN" ->
          "CREATE DOMAIN "
              + o.name()
              + " AS "
              + definition(o)
              + part(" COLLATE ", o, "collation")
              + part(" DEFAULT ", o, "default");
      case "RANGE TYPE" ->
          "CREATE TYPE "
              + o.name()
              + " AS RANGE ("
              + Lists.split(definition(o), ", ").stream()
                  .filter(p -> !p.endsWith("= -"))
                  .collect(Collectors.joining(", "))
              + ")";
      case "POLICY" -> "CREATE POLICY " + o.local() + " ON " + o.parent() + " " + definition(o);
      case "PUBLICATION" -> Publications.creation(o);
      default -> null;
    };
  }

  static boolean compositeAttribute(StructureObject column) {
    return "c".equals(column.aspect("relation kind"));
  }

  private static String add(String what, StructureObject o) {
    return "ALTER "
        + what
        + " "
        + o.parent()
        + " ADD CONSTRAINT "
        + o.local()
        + " "
        + definition(o);
  }

  private String table(StructureObject o) {
    String key = o.has("partition key") ? " PARTITION BY " + o.aspect("partition key") : "";
    String tail =
        (o.has("access method") ? " USING " + o.aspect("access method") : "")
            + with(joined(o.aspect("options"), o.aspect("toast options")))
            + part(" TABLESPACE ", o, "tablespace");
    String head = "CREATE " + persistence(o) + "TABLE " + o.name();
    if (o.has("partition of")) {
      return head
          + " PARTITION OF "
          + o.aspect("partition of")
          + " "
          + o.aspect("partition bound")
          + key
          + tail;
    }
    String inherits = o.has("inherits") ? " INHERITS (" + o.aspect("inherits") + ")" : "";
    return head + " (" + columns(o) + ")" + inherits + key + tail;
  }

  private String columns(StructureObject table) {
    List<String> parts = new ArrayList<>();
    lost.stream()
        .filter(c -> c.is("COLUMN") && c.oid() == table.oid())
        .filter(c -> !"only".equals(c.aspect("inherited")))
        .sorted(Comparator.comparingInt(StructureObject::sub))
        .forEach(c -> parts.add(column(c)));
    lost.stream()
        .filter(k -> notNullOf(k, table))
        .forEach(k -> parts.add("CONSTRAINT " + k.local() + " " + definition(k)));
    return String.join(", ", parts);
  }

  static boolean notNullOf(StructureObject constraint, StructureObject table) {
    return constraint.is("CONSTRAINT")
        && Objects.equals(constraint.parent(), table.name())
        && "n".equals(constraint.aspect("type"))
        && !constraint.has("inherited");
  }

  private String column(StructureObject c) {
    String text = c.local() + " " + c.aspect("type") + part(" COLLATE ", c, "collation");
    String generated = c.aspect("generated");
    if (generated != null) {
      text +=
          " GENERATED ALWAYS AS ("
              + generated.substring(2)
              + ")"
              + (generated.startsWith("s") ? " STORED" : " VIRTUAL");
    }
    if (c.has("identity")) {
      text += " GENERATED " + c.aspect("identity") + " AS IDENTITY" + sequence(c);
    }
    return text + part(" DEFAULT ", c, "default") + (c.has("not null") ? " NOT NULL" : "");
  }

  private String sequence(StructureObject column) {
    return lost.stream()
        .filter(s -> s.is("SEQUENCE") && column.name().equals(s.aspect("owned by")))
        .findFirst()
        .map(s -> " (SEQUENCE NAME " + s.name() + " " + withoutType(definition(s)) + ")")
        .orElse("");
  }

  private static String withoutType(String definition) {
    return definition.substring(definition.indexOf(" INCREMENT") + 1);
  }

  private static String persistence(StructureObject o) {
    return o.has("persistence") ? "UNLOGGED " : "";
  }

  private static String with(@Nullable String options) {
    return options == null || options.isEmpty() ? "" : " WITH (" + options + ")";
  }

  private static String joined(@Nullable String one, @Nullable String other) {
    return one == null ? (other == null ? "" : other) : other == null ? one : one + ", " + other;
  }

  private static String part(String word, StructureObject o, String aspect) {
    return o.has(aspect) ? word + o.aspect(aspect) : "";
  }

  /** Without a semicolon at its end. */
  static String definition(StructureObject o) {
    String text = o.aspects().getOrDefault("definition", "").strip();
    return text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
  }
}
