package io.whimbrel.event;

/** A table of a target, as the catalogue of the database spells it, unquoted. */
public record TableName(String schema, String name) implements Comparable<TableName> {
  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
