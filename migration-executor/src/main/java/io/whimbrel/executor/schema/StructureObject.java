package io.whimbrel.executor.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of a structure, described by PostgreSQL's own definition functions.
 *
 * @param kind as in {@code INDEX}
 * @param oid its number; for a column, its relation's
 * @param sub the number of a column, else 0
 * @param parent the relation or type it belongs to, by name; null if it stands alone
 * @param name with schema, as SQL writes it; unique for its kind
 * @param local the last part of the name, as SQL writes it
 * @param aspects what it is like, by name
 */
public record StructureObject(
    String kind,
    long oid,
    int sub,
    @Nullable String parent,
    String name,
    String local,
    Map<String, String> aspects) {

  public StructureObject {
    aspects = Map.copyOf(aspects);
  }

  /** What it is by number, whatever its name. */
  record Numbered(String kind, long oid, int sub) {}

  public Object number() {
    return oid == 0 ? identity() : new Numbered(kind, oid, sub);
  }

  /** What it is by name, whatever its number. */
  public String identity() {
    return kind + " " + name;
  }

  public @Nullable String aspect(String aspect) {
    return aspects.get(aspect);
  }

  public boolean has(String aspect) {
    return aspects.containsKey(aspect);
  }

  public boolean is(String... kinds) {
    for (String one : kinds) {
      if (kind.equals(one)) {
        return true;
      }
    }
    return false;
  }
}
