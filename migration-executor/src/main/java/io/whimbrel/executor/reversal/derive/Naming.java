package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.Set;

/** How statements refer to an object. */
final class Naming {
  private Naming() {}

  /** As COMMENT ON and DROP have it: {@code TRIGGER t ON public.orders}. */
  static String full(StructureObject object) {
    return switch (object.kind()) {
      case "TRIGGER", "RULE", "POLICY", "CONSTRAINT" ->
          object.kind() + " " + object.local() + " ON " + object.parent();
      case "DOMAIN CONSTRAINT" -> "CONSTRAINT " + object.local() + " ON DOMAIN " + object.parent();
      default -> altered(object) + " " + object.name();
    };
  }

  /** The keyword of ALTER and DROP for the kind. */
  static String altered(StructureObject object) {
    return switch (object.kind()) {
      case "ENUM", "RANGE TYPE", "COMPOSITE TYPE", "BASE TYPE" -> "TYPE";
      default -> object.kind();
    };
  }

  static boolean ofView(StructureObject object) {
    return object.is("COLUMN")
        && Set.of("v", "m").contains(String.valueOf(object.aspect("relation kind")));
  }

  /** With its dot; empty if the object is in none. */
  static String schema(StructureObject o) {
    if (o.parent() != null && !o.is("INDEX", "STATISTICS")) {
      return "";
    }
    int arguments = o.name().indexOf('(');
    String plain = arguments < 0 ? o.name() : o.name().substring(0, arguments);
    int at = plain.length() - o.local().length();
    return at <= 0 || !plain.endsWith("." + o.local()) ? "" : plain.substring(0, at);
  }
}
