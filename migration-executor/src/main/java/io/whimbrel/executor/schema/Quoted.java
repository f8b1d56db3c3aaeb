package io.whimbrel.executor.schema;

import io.whimbrel.event.TableName;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names and values as PostgreSQL reads them back, whatever characters they hold. */
public final class Quoted {
  private Quoted() {}

  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  public static String table(TableName table) {
    return name(table.schema()) + '.' + name(table.name());
  }

  public static String tables(Collection<TableName> tables) {
    return tables.stream().map(Quoted::table).collect(Collectors.joining(", "));
  }

  public static String names(Collection<String> identifiers) {
    return identifiers.stream().map(Quoted::name).collect(Collectors.joining(", "));
  }

  /** A string literal; assumes {@code standard_conforming_strings}, which is on since 9.1. */
  public static String literal(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }
}
