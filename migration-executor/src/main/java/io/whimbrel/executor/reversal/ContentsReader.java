package io.whimbrel.executor.reversal;

import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what tables hold; every row of them, so they should be as small as generated ones are. */
final class ContentsReader {
  private static final int AT_ONCE = 50;

  private final Connection connection;

  ContentsReader(Connection connection) {
    this.connection = connection;
  }

  /** Of everything in the structure. */
  Contents read(Structure structure) throws SQLException {
    Set<Long> all =
        structure
            .objects()
            .filter(ContentsReader::holds)
            .map(StructureObject::oid)
            .collect(Collectors.toSet());
    return new Contents(of(structure, all));
  }

  /** The same, with some relations as they are now. */
  Contents refreshed(Contents before, Structure structure, Set<Long> relations)
      throws SQLException {
    return before.with(relations, of(structure, relations));
  }

  private Map<Long, TableContents> of(Structure structure, Collection<Long> relations)
      throws SQLException {
    Map<Long, StructureObject> holders = new HashMap<>();
    Map<Long, List<String>> columns = new HashMap<>();
    List<String> queries = new ArrayList<>();
    for (Long oid : relations) {
      List<StructureObject> objects = structure.relation(oid);
      objects.stream()
          .filter(ContentsReader::holds)
          .findFirst()
          .ifPresent(
              holder -> {
                List<String> names =
                    objects.stream()
                        .filter(o -> o.is("COLUMN"))
                        .map(StructureObject::local)
                        .sorted()
                        .toList();
                holders.put(oid, holder);
                columns.put(oid, names);
                queries.add(query(holder, names));
              });
    }
    Map<Long, TableContents> contents = new HashMap<>();
    for (int i = 0; i < queries.size(); i += AT_ONCE) {
      run(queries.subList(i, Math.min(queries.size(), i + AT_ONCE)), holders, columns, contents);
    }
    return contents;
  }

  private void run(
      List<String> queries,
      Map<Long, StructureObject> holders,
      Map<Long, List<String>> columns,
      Map<Long, TableContents> contents)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet row = statement.executeQuery(String.join(" UNION ALL ", queries))) {
        while (row.next()) {
          long oid = row.getLong(1);
          StructureObject holder = Objects.requireNonNull(holders.get(oid));
          Long[] counts = (Long[]) row.getArray(4).getArray();
          Map<String, Long> distinct = new HashMap<>();
          List<String> names = Objects.requireNonNull(columns.get(oid));
          for (int i = 0; i < counts.length; i++) {
            distinct.put(names.get(i), counts[i]);
          }
          contents.put(
              oid,
              new TableContents(
                  holder.kind(), holder.name(), row.getLong(2), row.getString(3), distinct));
        }
      }
    }
  }

  private static boolean holds(StructureObject o) {
    return o.is("SEQUENCE")
        || (o.is("TABLE") && "r".equals(o.aspect("definition")))
        || (o.is("MATERIALIZED VIEW") && "true".equals(o.aspect("populated")));
  }

  private static String query(StructureObject holder, List<String> columns) {
    if (holder.is("SEQUENCE")) {
      return "SELECT %d::bigint, last_value * 2 + is_called::int, ''::text, ARRAY[]::bigint[] FROM %s"
          .formatted(holder.oid(), holder.name());
    }
    String all = String.join(", ", columns);
    String counts =
        columns.stream()
            .map(column -> "count(DISTINCT " + column + "::text)")
            .collect(Collectors.joining(", "));
    return ("SELECT %d::bigint, count(*), coalesce(sum(hashtextextended(ROW(%s)::text COLLATE"
            + " \"C\", 0)), 0)::text, ARRAY[%s]::bigint[] FROM ONLY %s")
        .formatted(holder.oid(), all, counts, holder.name());
  }
}
