package io.whimbrel.target;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A database that migrations run on.
 *
 * @param name how callers name it; {@code [a-z0-9][a-z0-9-]{0,62}}
 * @param url its JDBC URL, without user or password
 * @param catalog the directories of its migrations, absolute
 * @param format how the files in them are named; one of {@link #FORMATS}
 * @param executor the role that applies scripts
 * @param validator the role that only reads
 * @param schemas the schemas that migrations work on, the default one first; never empty
 * @param placeholders what {@code ${name}} in a script stands for
 * @param baselineOnMigrate whether a database with tables and no history is adopted
 * @param baselineVersion the version such a database is said to have
 * @param outOfOrder whether a version below the last applied one may still be applied
 * @param project how its scripts are to be read
 * @param rehearsal where its scripts are rehearsed; null for its own server
 * @param validation when it is validated without being asked; null if never
 */
public record Target(
    String name,
    String url,
    List<Path> catalog,
    String format,
    Login executor,
    Login validator,
    List<String> schemas,
    Map<String, String> placeholders,
    boolean baselineOnMigrate,
    String baselineVersion,
    boolean outOfOrder,
    Project project,
    Policy policy,
    @Nullable RehearsalServer rehearsal,
    @Nullable Schedule validation) {

  /** The formats that there are; the first is the default. */
  public static final List<String> FORMATS = List.of("flyway");

  private static final int CONNECT_SECONDS = 10;

  public Target {
    catalog = List.copyOf(catalog);
    schemas = List.copyOf(schemas);
    placeholders = Map.copyOf(placeholders);
  }

  /** A target whose scripts are read as Flyway reads them by default. */
  public Target(
      String name,
      String url,
      List<Path> catalog,
      String format,
      Login executor,
      Login validator,
      List<String> schemas,
      Map<String, String> placeholders,
      boolean baselineOnMigrate,
      String baselineVersion,
      boolean outOfOrder,
      Policy policy) {
    this(
        name,
        url,
        catalog,
        format,
        executor,
        validator,
        schemas,
        placeholders,
        baselineOnMigrate,
        baselineVersion,
        outOfOrder,
        Project.DEFAULT,
        policy,
        null,
        null);
  }

  /** The same, with another database. */
  public Target at(String otherUrl) {
    return new Target(
        name,
        otherUrl,
        catalog,
        format,
        executor,
        validator,
        schemas,
        placeholders,
        baselineOnMigrate,
        baselineVersion,
        outOfOrder,
        project,
        policy,
        rehearsal,
        validation);
  }

  /** The same, with scripts that are read otherwise. */
  public Target with(Project otherProject) {
    return new Target(
        name,
        url,
        catalog,
        format,
        executor,
        validator,
        schemas,
        placeholders,
        baselineOnMigrate,
        baselineVersion,
        outOfOrder,
        otherProject,
        policy,
        rehearsal,
        validation);
  }

  /** The same, rehearsed elsewhere. */
  public Target with(RehearsalServer elsewhere) {
    return rehearsedAt(elsewhere);
  }

  /** The same, rehearsed on its own server whatever else was wanted. */
  public Target rehearsedAtHome() {
    return rehearsedAt(null);
  }

  private Target rehearsedAt(@Nullable RehearsalServer elsewhere) {
    return new Target(
        name,
        url,
        catalog,
        format,
        executor,
        validator,
        schemas,
        placeholders,
        baselineOnMigrate,
        baselineVersion,
        outOfOrder,
        project,
        policy,
        elsewhere,
        validation);
  }

  /** Where the schema history is, and where unqualified names are created. */
  public String defaultSchema() {
    return schemas.get(0);
  }

  /**
   * Opens a connection of its own, outside any pool; the caller closes it.
   *
   * @param login one of this target's roles
   * @param applicationName what others see in {@code pg_stat_activity}
   * @throws SQLException if the database cannot be reached within 10 seconds or refuses the role,
   *     or the password is not where the login says
   */
  public Connection connect(Login login, String applicationName) throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, login.user());
    login.password(System::getenv).ifPresent(p -> PGProperty.PASSWORD.set(properties, p));
    PGProperty.APPLICATION_NAME.set(properties, applicationName);
    // Sends the application name with the first message, so that no session of ours is nameless.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.0");
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.LOGIN_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("Target " + name + ": the url is not one of PostgreSQL");
    }
    OpenSessions.opened(applicationName, connection);
    return connection;
  }
}
