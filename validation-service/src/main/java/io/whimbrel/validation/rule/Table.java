package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of the target.
 *
 * @param sql its name as SQL, quoted where needed
 * @param partitioned whether its rows are in its partitions
 * @param partition whether it is a partition of another table
 * @param touched whether the run touches it; otherwise it is a neighbour by foreign key
 * @param inherited whether other tables inherit from it
 * @param rows how many it has by PostgreSQL's own estimate; negative when it has none yet
 * @param key its primary key, empty when it has none
 */
public record Table(
    long oid,
    TableName name,
    String sql,
    boolean partitioned,
    boolean partition,
    boolean touched,
    boolean inherited,
    long rows,
    List<Column> key) {

  /**
   * A column.
   *
   * @param sql its name as SQL, quoted where needed
   */
  public record Column(String name, String sql) {}

  public Table {
    key = List.copyOf(key);
  }

  /** The columns of the key as a SELECT list. */
  String keyColumns() {
    return key.stream().map(Column::sql).collect(Collectors.joining(", "));
  }

  /** The table's own rows, without those of tables that inherit from it. */
  String ownRows() {
    return partitioned || !inherited ? sql : "only " + sql;
  }
}
