package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The second index that REINDEX ... CONCURRENTLY has beside each one that it builds anew. An
 * interruption leaves it behind, invalid: the new one if it was not finished, or else the old one.
 * Those of TOAST tables stay if the role may not use their schema.
 */
final class ConcurrentReindex implements Aftermath {

  private static final String TABLES =
      "select relid from pg_catalog.pg_partition_tree(to_regclass(?))"
          + " union select cast(to_regclass(?) as oid)";

  /** By kind, the relations whose indexes are built, with the name for each question mark. */
  private final String subject;

  private final List<String> names;
  private final Set<String> others = new HashSet<>();

  private ConcurrentReindex(String subject, List<String> names) {
    this.subject = subject;
    this.names = names;
  }

  static boolean isDoneBy(Statement statement) {
    return statement.begins("REINDEX")
        && statement.head().stream().anyMatch(token -> token.is("CONCURRENTLY"));
  }

  static ConcurrentReindex of(Statement statement) {
    List<Token> tokens = Aftermath.outside(statement.head());
    int at = tokens.size() > 2 && tokens.get(2).is("CONCURRENTLY") ? 3 : 2;
    String name = at < tokens.size() ? Aftermath.name(tokens, at) : "";
    Token kind = tokens.get(1);
    if (kind.is("INDEX")) {
      return new ConcurrentReindex(
          "select indrelid from pg_catalog.pg_index where indexrelid in (" + TABLES + ")",
          List.of(name, name));
    }
    if (kind.is("TABLE")) {
      return new ConcurrentReindex(TABLES, List.of(name, name));
    }
    return kind.is("SCHEMA")
        ? new ConcurrentReindex(
            "select oid from pg_catalog.pg_class where relnamespace = to_regnamespace(?)",
            List.of(name))
        : new ConcurrentReindex("select oid from pg_catalog.pg_class", List.of());
  }

  @Override
  public boolean settled(Connection connection) throws SQLException {
    drop(connection, left(connection));
    return false;
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    others.addAll(left(connection));
  }

  @Override
  public void clean(Connection connection) throws SQLException {
    List<String> left = left(connection);
    left.removeAll(others);
    drop(connection, left);
  }

  private static void drop(Connection connection, List<String> indexes) throws SQLException {
    for (String index : indexes) {
      ConcurrentIndex.drop(connection, index);
    }
  }

  private List<String> left(Connection connection) throws SQLException {
    String sql =
        """
        with subject (relid) as (%s)
        select format('%%I.%%I', n.nspname, c.relname)
        from pg_catalog.pg_index i
          join pg_catalog.pg_class c on c.oid = i.indexrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where not i.indisvalid and has_schema_privilege(n.oid, 'usage') and c.relname ~ '_cc(new|old)\\d*$'
          and not exists (select from pg_catalog.pg_stat_progress_create_index p
            where p.index_relid = i.indexrelid)
          and (i.indrelid in (select relid from subject) or i.indrelid in
            (select t.reltoastrelid from pg_catalog.pg_class t join subject s on s.relid = t.oid))
        """
            .formatted(subject);
    List<String> left = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < names.size(); i++) {
        query.setString(i + 1, names.get(i));
      }
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          left.add(row.getString(1));
        }
      }
    }
    return left;
  }
}
