package io.whimbrel.executor.rehearsal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers that foreign tables lead to. A scratch database has the target's foreign tables, and what
 * a script writes to one would be written for real.
 */
public final class ForeignServers {
  private static final String MAPPINGS =
      """
      SELECT pg_catalog.format('DROP USER MAPPING FOR %s SERVER %I',
        CASE WHEN umuser = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(usename) END, srvname)
      FROM pg_catalog.pg_user_mappings
      """;

  /** What makes such a login, or may make one without saying so. */
  private static final List<String[]> MAY_MAP =
      List.of(
          words("CREATE USER MAPPING"),
          words("ALTER USER MAPPING"),
          words("DO"),
          words("CALL"),
          words("SELECT"));

  private ForeignServers() {}

  private static String[] words(String words) {
    return words.split(" ");
  }

  /** The same once more after a statement of a script that may have made a login of its own. */
  public static void cutOffAfter(
      io.whimbrel.executor.catalog.Statement statement, Connection scratch) throws SQLException {
    if (MAY_MAP.stream().anyMatch(statement::begins)) {
      cutOff(scratch);
    }
  }

  /** Nobody can log in to them from this database any more; a statement that tries to fails. */
  public static void cutOff(Connection scratch) throws SQLException {
    List<String> drops = new ArrayList<>();
    try (Statement statement = scratch.createStatement()) {
      try (ResultSet row = statement.executeQuery(MAPPINGS)) {
        while (row.next()) {
          drops.add(row.getString(1));
        }
      }
      for (String drop : drops) {
        statement.execute(drop);
      }
    }
  }
}
