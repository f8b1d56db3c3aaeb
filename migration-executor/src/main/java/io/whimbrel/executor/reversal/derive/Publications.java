package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements for publications. */
final class Publications {
  private Publications() {}

  static String creation(StructureObject o) {
    String what = contents(o);
    return "CREATE PUBLICATION "
        + o.name()
        + (what.isEmpty() ? "" : " FOR " + what)
        + " WITH ("
        + parameters(o)
        + ")";
  }

  static List<String> alteration(StructureObject before, StructureObject after) {
    List<String> statements = new ArrayList<>();
    if (!contents(before).equals(contents(after))) {
      statements.add(
          contents(before).isEmpty()
              ? "ALTER PUBLICATION " + before.name() + " DROP " + contents(after)
              : "ALTER PUBLICATION " + before.name() + " SET " + contents(before));
    }
    if (!parameters(before).equals(parameters(after))) {
      statements.add("ALTER PUBLICATION " + before.name() + " SET (" + parameters(before) + ")");
    }
    return statements;
  }

  private static String contents(StructureObject o) {
    if (flag(o, "puballtables")) {
      return "ALL TABLES";
    }
    String tables = o.aspect("tables");
    String schemas = o.aspect("schemas");
    return (tables == null ? "" : "TABLE " + tables)
        + (tables != null && schemas != null ? ", " : "")
        + (schemas == null ? "" : "TABLES IN SCHEMA " + schemas);
  }

  private static String parameters(StructureObject o) {
    List<String> published = new ArrayList<>();
    for (String verb : List.of("insert", "update", "delete", "truncate")) {
      if (flag(o, "pub" + verb)) {
        published.add(verb);
      }
    }
    return "publish = '"
        + String.join(", ", published)
        + "', publish_via_partition_root = "
        + flag(o, "pubviaroot");
  }

  private static boolean flag(StructureObject o, String name) {
    @Nullable String definition = o.aspect("definition");
    return definition != null && definition.contains("\"" + name + "\": true");
  }
}
