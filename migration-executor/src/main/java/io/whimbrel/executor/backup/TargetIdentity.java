package io.whimbrel.executor.backup;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which database a backup is of.
 *
 * @param systemIdentifier of the server's cluster, from {@code pg_control_system()}
 * @param databaseOid differs when a database was dropped and created again under its name
 */
public record TargetIdentity(
    String systemIdentifier, String database, long databaseOid, String serverVersion) {

  public static TargetIdentity of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
                       datname, oid, current_setting('server_version')
                FROM pg_catalog.pg_database WHERE datname = current_database()
                """)) {
      row.next();
      return new TargetIdentity(
          row.getString(1), row.getString(2), row.getLong(3), row.getString(4));
    }
  }

  /** Whether both are the same database; its server may have been updated in between. */
  boolean sameDatabase(TargetIdentity other) {
    return systemIdentifier.equals(other.systemIdentifier) && databaseOid == other.databaseOid;
  }
}
