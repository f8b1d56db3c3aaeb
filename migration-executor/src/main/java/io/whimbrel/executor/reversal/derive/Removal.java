package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.List;

/** Statements that remove an object, if another has not taken it along. */
final class Removal {
  private Removal() {}

  static List<String> of(StructureObject o) {
    return switch (o.kind()) {
      case "COLUMN" ->
          List.of(
              Creation.compositeAttribute(o)
                  ? "ALTER TYPE " + o.parent() + " DROP ATTRIBUTE IF EXISTS " + o.local()
                  : "ALTER TABLE " + o.parent() + " DROP COLUMN IF EXISTS " + o.local());
      case "CONSTRAINT" ->
          List.of("ALTER TABLE " + o.parent() + " DROP CONSTRAINT IF EXISTS " + o.local());
      case "DOMAIN CONSTRAINT" ->
          List.of("ALTER DOMAIN " + o.parent() + " DROP CONSTRAINT IF EXISTS " + o.local());
      case "TRIGGER", "RULE", "POLICY" ->
          List.of("DROP " + o.kind() + " IF EXISTS " + o.local() + " ON " + o.parent());
      case "DEFAULT PRIVILEGES" ->
          Rights.statements(
              o, o.aspects().getOrDefault("rights", ""), DefaultPrivileges.without(o));
      case "USER MAPPING" -> List.of("DROP USER MAPPING IF EXISTS " + o.name());
      case "CAST" -> List.of("DROP CAST IF EXISTS " + o.name().replaceFirst("^\\(?", "("));
      default -> List.of("DROP " + Naming.altered(o) + " IF EXISTS " + o.name());
    };
  }
}
