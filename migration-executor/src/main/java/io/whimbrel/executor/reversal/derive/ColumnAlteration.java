package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Statements that give a column its type back, its default, and what else depends on these. */
final class ColumnAlteration {
  private final StructureObject want;
  private final Map<String, String> have;
  private final List<String> statements = new ArrayList<>();
  private @Nullable String unknown;

  ColumnAlteration(StructureObject want, Map<String, String> have) {
    this.want = want;
    this.have = have;
    derive();
  }

  List<String> statements() {
    return statements;
  }

  /** What cannot be given back; null if all can. */
  @Nullable String unknown() {
    return unknown;
  }

  /** The beginning of statements that alter it. */
  static String of(StructureObject want) {
    return (Creation.compositeAttribute(want) ? "ALTER TYPE " : "ALTER TABLE ")
        + want.parent()
        + (Creation.compositeAttribute(want) ? " ALTER ATTRIBUTE " : " ALTER COLUMN ")
        + want.local();
  }

  private boolean differs(String aspect) {
    return !Objects.equals(want.aspect(aspect), have.get(aspect));
  }

  // A default may not fit the other type, and a column that is an identity has none.
  private void derive() {
    boolean type = differs("type") || differs("collation");
    boolean view = Naming.ofView(want);
    if ("only".equals(want.aspect("inherited")) || (view && type)) {
      return;
    }
    if (have.containsKey("default") && (type || differs("default"))) {
      statements.add(of(want) + " DROP DEFAULT");
    }
    if (have.containsKey("identity") && !want.has("identity")) {
      statements.add(of(want) + " DROP IDENTITY");
    }
    if (type && !Creation.compositeAttribute(want)) {
      statements.add(
          of(want)
              + " TYPE "
              + want.aspect("type")
              + (want.has("collation") ? " COLLATE " + want.aspect("collation") : "")
              + " USING "
              + want.local()
              + "::"
              + want.aspect("type"));
    } else if (type) {
      statements.add(of(want) + " TYPE " + want.aspect("type"));
    }
    if (differs("generated")) {
      generated();
    }
    if (differs("not null")) {
      statements.add(of(want) + (want.has("not null") ? " SET" : " DROP") + " NOT NULL");
    }
    if (want.has("default") && (type || differs("default"))) {
      statements.add(of(want) + " SET DEFAULT " + want.aspect("default"));
    }
    if (want.has("identity") && differs("identity")) {
      statements.add(
          of(want)
              + (have.containsKey("identity")
                  ? " SET GENERATED " + want.aspect("identity")
                  : " ADD GENERATED " + want.aspect("identity") + " AS IDENTITY"));
    }
    if (differs("storage")) {
      statements.add(
          of(want)
              + " SET STORAGE "
              + (want.has("storage") ? want.aspect("storage") : usualStorage()));
    }
    if (differs("compression")) {
      statements.add(
          of(want)
              + " SET COMPRESSION "
              + (want.has("compression") ? want.aspect("compression") : "default"));
    }
  }

  private void generated() {
    String was = want.aspect("generated");
    if (was == null) {
      statements.add(of(want) + " DROP EXPRESSION");
    } else if (have.containsKey("generated")) {
      statements.add(of(want) + " SET EXPRESSION AS (" + was.substring(2) + ")");
    } else {
      unknown = "generation of column " + want.name();
    }
  }

  // DEFAULT is no word for it before PostgreSQL 16; types that are always PLAIN never differ.
  private String usualStorage() {
    String type = String.valueOf(want.aspect("type"));
    return Stream.of("numeric", "inet", "cidr").anyMatch(type::startsWith) ? "MAIN" : "EXTENDED";
  }
}
