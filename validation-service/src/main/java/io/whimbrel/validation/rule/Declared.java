package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import java.util.List;

/**
 * The declarations of a target as a validation meets them.
 *
 * @param schemas where names without a schema are sought, the default one first
 */
public record Declared(Declarations declarations, List<String> schemas) {

  /** Nothing is declared. */
  public static final Declared NOTHING = new Declared(Declarations.NONE, List.of("public"));

  public Declared {
    schemas = List.copyOf(schemas);
  }

  TableName name(String table) {
    int dot = table.indexOf('.');
    return dot < 0
        ? new TableName(schemas.get(0), table)
        : new TableName(table.substring(0, dot), table.substring(dot + 1));
  }

  /** The table as SQL. */
  String sql(String table) {
    TableName name = name(table);
    return Sql.name(name.schema()) + "." + Sql.name(name.name());
  }
}
