package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a validation looks.
 *
 * @param tables those touched, their ancestors and partitions, and their neighbours by foreign key
 * @param missing those asked for that are not there: not yet, or no more
 */
public record Scope(List<Table> tables, List<TableName> missing) {

  public Scope {
    tables = List.copyOf(tables);
    missing = List.copyOf(missing);
  }

  Optional<Table> table(long oid) {
    return tables.stream().filter(table -> table.oid() == oid).findFirst();
  }

  Optional<Table> table(TableName name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }

  Map<Long, Table> byOid() {
    return tables.stream().collect(Collectors.toMap(Table::oid, Function.identity()));
  }

  Long[] oids() {
    return tables.stream().map(Table::oid).toArray(Long[]::new);
  }

  Long[] touchedOids() {
    return tables.stream().filter(Table::touched).map(Table::oid).toArray(Long[]::new);
  }

  public List<TableName> touched() {
    return tables.stream().filter(Table::touched).map(Table::name).toList();
  }

  public List<TableName> neighbours() {
    return tables.stream().filter(table -> !table.touched()).map(Table::name).toList();
  }
}
