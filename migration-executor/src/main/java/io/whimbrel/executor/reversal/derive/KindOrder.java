package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.Comparator;
import java.util.List;

/** In which order objects go and come, by what they are to one another. */
final class KindOrder {

  /** The newest of a kind first; foreign keys before everything. */
  static final Comparator<StructureObject> DROPS =
      order(
          List.of(
              "EVENT TRIGGER",
              "PUBLICATION",
              "POLICY",
              "TRIGGER",
              "RULE",
              "VIEW",
              "MATERIALIZED VIEW",
              "STATISTICS",
              "COLUMN",
              "CONSTRAINT",
              "INDEX",
              "TABLE",
              "FOREIGN TABLE",
              "SEQUENCE",
              "AGGREGATE",
              "OPERATOR CLASS",
              "OPERATOR FAMILY",
              "OPERATOR",
              "CAST",
              "FUNCTION",
              "PROCEDURE",
              "DOMAIN CONSTRAINT",
              "DOMAIN",
              "RANGE TYPE",
              "COMPOSITE TYPE",
              "ENUM",
              "COLLATION",
              "TEXT SEARCH CONFIGURATION",
              "TEXT SEARCH DICTIONARY",
              "EXTENSION",
              "SCHEMA"),
          -1,
          age().reversed());

  /** The oldest of a kind first; foreign keys after all other constraints. */
  static final Comparator<StructureObject> CREATIONS = creations();

  private KindOrder() {}

  private static Comparator<StructureObject> creations() {
    List<String> kinds =
        List.of(
            "SCHEMA",
            "EXTENSION",
            "ENUM",
            "RANGE TYPE",
            "DOMAIN",
            "COMPOSITE TYPE",
            "DOMAIN CONSTRAINT",
            "SEQUENCE",
            "FUNCTION",
            "PROCEDURE",
            "TABLE",
            "COLUMN",
            "INDEX",
            "CONSTRAINT",
            "STATISTICS",
            "VIEW",
            "MATERIALIZED VIEW",
            "RULE",
            "TRIGGER",
            "POLICY",
            "PUBLICATION");
    return order(kinds, kinds.indexOf("CONSTRAINT") * 2 + 1, age());
  }

  private static Comparator<StructureObject> order(
      List<String> kinds, int foreignKeys, Comparator<StructureObject> withinKind) {
    Comparator<StructureObject> kind =
        Comparator.comparingInt(o -> isForeignKey(o) ? foreignKeys : kinds.indexOf(o.kind()) * 2);
    return kind.thenComparing(withinKind);
  }

  private static Comparator<StructureObject> age() {
    return Comparator.comparingLong(StructureObject::oid).thenComparingInt(StructureObject::sub);
  }

  private static boolean isForeignKey(StructureObject o) {
    return o.is("CONSTRAINT") && "f".equals(o.aspect("type"));
  }
}
