package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.List;

/** Statements that give an object the name that it had. */
final class Renaming {
  private Renaming() {}

  /**
   * Empty if it has its name.
   *
   * @param withSchema whether its schema gets its name back, and so takes it along
   */
  static List<String> of(StructureObject was, StructureObject o, boolean withSchema) {
    List<String> statements = new ArrayList<>();
    if (o.is("INDEX") && o.has("constraint")) {
      return statements;
    }
    String schema = Naming.schema(was);
    String name = o.name();
    boolean inSchema = o.parent() == null || o.is("INDEX", "STATISTICS");
    if (inSchema && !schema.equals(Naming.schema(o)) && !o.is("INDEX", "SCHEMA") && !withSchema) {
      statements.add(
          "ALTER "
              + Naming.altered(o)
              + " "
              + name
              + " SET SCHEMA "
              + schema.substring(0, schema.length() - 1));
      name = schema + name.substring(Naming.schema(o).length());
    } else if (inSchema && !schema.equals(Naming.schema(o))) {
      name = schema + name.substring(Naming.schema(o).length());
    }
    if (was.local().equals(o.local()) || "only".equals(o.aspect("inherited"))) {
      return statements;
    }
    switch (o.kind()) {
      case "COLUMN" ->
          statements.add(
              (Creation.compositeAttribute(o) ? "ALTER TYPE " : "ALTER TABLE ")
                  + was.parent()
                  + (Creation.compositeAttribute(o) ? " RENAME ATTRIBUTE " : " RENAME COLUMN ")
                  + o.local()
                  + " TO "
                  + was.local());
      case "CONSTRAINT" ->
          statements.add(
              "ALTER TABLE "
                  + was.parent()
                  + " RENAME CONSTRAINT "
                  + o.local()
                  + " TO "
                  + was.local());
      case "DOMAIN CONSTRAINT" ->
          statements.add(
              "ALTER DOMAIN "
                  + was.parent()
                  + " RENAME CONSTRAINT "
                  + o.local()
                  + " TO "
                  + was.local());
      case "ENUM VALUE" ->
          statements.add(
              "ALTER TYPE " + was.parent() + " RENAME VALUE " + o.local() + " TO " + was.local());
      case "TRIGGER", "RULE", "POLICY" ->
          statements.add(
              "ALTER "
                  + o.kind()
                  + " "
                  + o.local()
                  + " ON "
                  + was.parent()
                  + " RENAME TO "
                  + was.local());
      default ->
          statements.add("ALTER " + Naming.altered(o) + " " + name + " RENAME TO " + was.local());
    }
    return statements;
  }
}
