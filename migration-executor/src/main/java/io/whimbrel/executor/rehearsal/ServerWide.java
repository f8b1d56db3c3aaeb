package io.whimbrel.executor.rehearsal;

import io.whimbrel.executor.catalog.Statement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * What belongs to the whole server, so that a scratch database does not contain it: roles,
 * databases, settings and the like.
 */
public final class ServerWide {
  /** Active transaction; and the end of one inside a procedure. */
  private static final Set<String> REFUSED_IN_TRANSACTION = Set.of("25001", "2D000");

  private static final List<String> WITHIN_DATABASE =
      List.of("CREATE", "DROP", "ALTER", "REINDEX", "VACUUM", "CLUSTER", "REFRESH", "CALL", "DO");

  private static final List<String> OF_THE_SERVER =
      List.of("DATABASE", "TABLESPACE", "SUBSCRIPTION", "SYSTEM", "ROLE", "USER");

  /**
   * How many rows of what all databases of a server share the session has written since its
   * statistics were last flushed: a query of one number. Which database's objects depend on a role
   * is noted there too, and does not count.
   */
  public static final String WRITTEN =
      """
      SELECT coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
        + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
        + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)), 0)
      FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname IN ('pg_authid',
        'pg_auth_members', 'pg_database', 'pg_db_role_setting', 'pg_parameter_acl',
        'pg_replication_origin', 'pg_shdescription', 'pg_shseclabel', 'pg_subscription',
        'pg_tablespace')
      """;

  private ServerWide() {}

  /** Whether the open transaction has changed something that all databases of the server share. */
  public static boolean isChanged(Connection connection) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(WRITTEN)) {
      row.next();
      return row.getLong(1) > 0;
    }
  }

  /**
   * Whether a statement that failed in a transaction may be run outside of one: PostgreSQL refuses
   * it in a transaction, and it stays within the database.
   */
  public static boolean mayRunAlone(Statement statement, SQLException refusal) {
    return REFUSED_IN_TRANSACTION.contains(String.valueOf(refusal.getSQLState()))
        && WITHIN_DATABASE.stream().anyMatch(statement::begins)
        && statement.head().stream()
            .limit(2)
            .noneMatch(token -> OF_THE_SERVER.stream().anyMatch(token::is));
  }
}
