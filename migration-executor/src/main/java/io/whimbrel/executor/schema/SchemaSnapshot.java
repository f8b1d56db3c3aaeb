package io.whimbrel.executor.schema;

import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Statements;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.pgcodekeeper.core.ignorelist.IgnoreSchemaList;
import org.pgcodekeeper.core.ignorelist.IgnoredObject;
import org.pgcodekeeper.core.loader.DatabaseLoader;
import org.pgcodekeeper.core.loader.PgDumpLoader;
import org.pgcodekeeper.core.loader.pg.JdbcPgLoader;
import org.pgcodekeeper.core.monitor.NullMonitor;
import org.pgcodekeeper.core.schema.AbstractDatabase;
import org.pgcodekeeper.core.settings.CoreSettings;

/**
 * The structure of a database at one moment: all its schemas and extensions, without data, without
 * the schema {@code whimbrel} and without {@code flyway_schema_history}, which are bookkeeping.
 *
 * <p>Read with pgCodeKeeper. It does not see publications, default privileges, replica identities
 * and statistics targets of index columns.
 */
public final class SchemaSnapshot {
  /** The schema in the target that holds Whimbrel's own tables. */
  public static final String OWN_SCHEMA = "whimbrel";

  /** The table of applied migrations. */
  public static final String HISTORY_TABLE = "flyway_schema_history";

  /** What every new database holds; creation scripts begin after it. */
  private static final String NEW_DATABASE =
      """
      CREATE SCHEMA public;
      CREATE EXTENSION plpgsql SCHEMA pg_catalog;
      COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
      """;

  private static final String ITS_RIGHTS =
      """
      ALTER SCHEMA public OWNER TO pg_database_owner;
      GRANT USAGE ON SCHEMA public TO PUBLIC;
      """;

  private final AbstractDatabase model;
  private final Rights rights;

  private SchemaSnapshot(AbstractDatabase model, Rights rights) {
    this.model = model;
    this.rights = rights;
  }

  /** Whether owners and grants belong to what is read. */
  public enum Rights {
    KEPT,
    LEFT_OUT
  }

  /**
   * Reads the structure as the connection sees it: inside its transaction if it is in one, and
   * leaves transaction and settings as they were.
   */
  public static SchemaSnapshot load(Connection connection, Rights rights)
      throws SQLException, SchemaUnreadable {
    boolean autoCommit = connection.getAutoCommit();
    if (autoCommit) {
      connection.setAutoCommit(false);
    }
    try {
      return inTransaction(connection, rights);
    } finally {
      if (autoCommit) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  private static SchemaSnapshot inTransaction(Connection connection, Rights rights)
      throws SQLException, SchemaUnreadable {
    String searchPath = setting(connection, "search_path");
    String timeZone = setting(connection, "TimeZone");
    var ignored = new IgnoreSchemaList();
    ignored.add(new IgnoredObject(OWN_SCHEMA, false, false, true, Set.of()));
    CoreSettings settings = settings();
    settings.setIgnorePrivileges(rights == Rights.LEFT_OUT);
    var loader =
        new JdbcPgLoader(
            new BorrowedConnection(connection), "UTC", settings, new NullMonitor(), ignored);
    AbstractDatabase model = analyzed(loader, "the schema of the database");
    set(connection, "search_path", searchPath);
    set(connection, "TimeZone", timeZone);
    return new SchemaSnapshot(model, rights);
  }

  /** Reads what {@link #creationScript} wrote, with the same rights. */
  public static SchemaSnapshot parse(String creationScript, Rights rights) throws SchemaUnreadable {
    String whole = NEW_DATABASE + (rights == Rights.KEPT ? ITS_RIGHTS : "") + creationScript;
    byte[] script = whole.getBytes(StandardCharsets.UTF_8);
    var loader = new PgDumpLoader(() -> new ByteArrayInputStream(script), "schema.sql", settings());
    return new SchemaSnapshot(analyzed(loader, "the schema script"), rights);
  }

  /** The script that turns a new database into one with this structure; empty if it is one. */
  public String creationScript() throws SchemaUnreadable {
    return SchemaDiff.script(parse("", rights), this);
  }

  /** The same, statement by statement. */
  public List<String> creationStatements() throws SchemaUnreadable {
    return Statements.of("schema.sql", creationScript()).stream().map(Statement::sql).toList();
  }

  AbstractDatabase model() {
    return model;
  }

  static CoreSettings settings() {
    var settings = new CoreSettings();
    settings.setIgnoreColumnOrder(true);
    settings.setDisableCheckFunctionBodies(true);
    return settings;
  }

  private static AbstractDatabase analyzed(DatabaseLoader loader, String what)
      throws SchemaUnreadable {
    try {
      AbstractDatabase model = loader.loadAndAnalyze();
      List<Object> errors = loader.getErrors();
      if (!errors.isEmpty()) {
        throw new SchemaUnreadable(what + " cannot be read: " + errors.get(0));
      }
      return model;
    } catch (IOException e) {
      throw new SchemaUnreadable(what + " cannot be read: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaUnreadable("interrupted while reading " + what, e);
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void set(Connection connection, String name, String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config(?, ?, true)")) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.execute();
    }
  }
}
