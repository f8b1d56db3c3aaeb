package io.whimbrel.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 18 as a child process. For tests there is one per JVM: fast, trusting, gone with the
 * JVM. The stack's writes to disk before it answers and asks for passwords (scram-sha-256).
 */
public final class EmbeddedPostgres implements AutoCloseable {

  public static final String SUPERUSER = "postgres";

  /** Class loaders differ within a JVM; its system properties do not. */
  private static final String SHARED = "whimbrel.local.postgres.port.";

  private final int port;
  private final @Nullable String password;
  private final @Nullable PostgresProcess process;

  private EmbeddedPostgres(int port, @Nullable String password, @Nullable PostgresProcess process) {
    this.port = port;
    this.password = password;
    this.process = process;
  }

  /** The server of this JVM's tests, started at the first call. Every user may connect. */
  public static EmbeddedPostgres shared() {
    return shared(PostgresBinaries.NEWEST);
  }

  /** The same with PostgreSQL 15, the oldest version that targets may have. */
  public static EmbeddedPostgres sharedOldest() {
    return shared(PostgresBinaries.OLDEST);
  }

  private static EmbeddedPostgres shared(PostgresBinaries binaries) {
    Properties properties = System.getProperties();
    synchronized (properties) {
      String port = properties.getProperty(SHARED + binaries);
      if (port != null) {
        return new EmbeddedPostgres(Integer.parseInt(port), null, null);
      }
      EmbeddedPostgres server = temporary(binaries);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-postgres"));
      properties.setProperty(SHARED + binaries, Integer.toString(server.port));
      return server;
    }
  }

  /** A server of its own for a test that stops or kills it. */
  public static EmbeddedPostgres temporary() {
    return temporary(PostgresBinaries.NEWEST);
  }

  private static EmbeddedPostgres temporary(PostgresBinaries binaries) {
    Path home = Directories.temporary("whimbrel-postgres-");
    PostgresProcess process = PostgresProcess.temporary(binaries, home, Ports.free());
    EmbeddedPostgres server = new EmbeddedPostgres(process.port(), null, process);
    return started(server);
  }

  /** A server that writes to disk before it answers, on any free port; for measurements. */
  public static EmbeddedPostgres durable(Path home) {
    return durable(home, Ports.free(), home.resolve("postgres.log"), "", process -> {});
  }

  /**
   * A server that keeps its data.
   *
   * @param home takes the data, and the superuser's password in a file that only its owner reads
   * @param rubbish a directory to remove when this JVM is gone and the server has ended, or empty
   * @param started told of each process
   */
  static EmbeddedPostgres durable(
      Path home, int port, Path log, String rubbish, Consumer<ChildProcess> started) {
    Path secret = home.resolve("superuser-password");
    if (!Files.exists(secret)) {
      Directories.writeSecret(secret, Secrets.random());
    }
    PostgresProcess process = PostgresProcess.durable(home, secret, port, log, rubbish, started);
    EmbeddedPostgres server = new EmbeddedPostgres(port, Directories.read(secret), process);
    return started(server);
  }

  private static EmbeddedPostgres started(EmbeddedPostgres server) {
    try {
      server.start();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Starts it, again if it was stopped or killed: same port, same data. */
  public void start() {
    own().start();
    Wait.until(own().child(), Duration.ofMinutes(1), this::answers);
  }

  public int port() {
    return port;
  }

  /** The superuser's; empty where every user may connect without one. */
  public String password() {
    return password == null ? "" : password;
  }

  /** Without user and password. */
  public String url(String database) {
    return "jdbc:postgresql://localhost:" + port + "/" + database;
  }

  /** The database {@code postgres}, as superuser. */
  public String superuserUrl() {
    return superuserUrl("postgres");
  }

  /** A database, as superuser. */
  public String superuserUrl(String database) {
    String url = url(database) + "?user=" + SUPERUSER;
    return password == null ? url : url + "&password=" + password;
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(superuserUrl(database));
  }

  /** Runs a statement as superuser. */
  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /**
   * An empty database of the superuser; one of that name is dropped, with its connections.
   *
   * @return its URL, as superuser
   */
  public String createDatabase(String name) {
    dropDatabase(name);
    execute("postgres", "CREATE DATABASE " + quoted(name));
    return superuserUrl(name);
  }

  /**
   * An empty database with a user that owns it and logs in with this password.
   *
   * @return its URL, without user
   */
  public String createDatabase(String name, String owner, String ownerPassword) {
    dropDatabase(name);
    createUser(owner, ownerPassword, "");
    execute("postgres", "CREATE DATABASE " + quoted(name) + " OWNER " + quoted(owner));
    return url(name);
  }

  /** Creates the database if there is none of that name; its owner is there already. */
  void ensureDatabase(String name, String owner) {
    if (!exists("SELECT 1 FROM pg_database WHERE datname = " + literal(name))) {
      execute("postgres", "CREATE DATABASE " + quoted(name) + " OWNER " + quoted(owner));
    }
  }

  private boolean exists(String query) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      return statement.executeQuery(query).next();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  public void dropDatabase(String name) {
    execute("postgres", "DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)");
  }

  /** Creates the user, or gives the one of that name this password and these attributes. */
  public void createUser(String name, String userPassword, String attributes) {
    String verb =
        exists("SELECT 1 FROM pg_roles WHERE rolname = " + literal(name)) ? "ALTER" : "CREATE";
    execute(
        "postgres",
        "%s ROLE %s LOGIN PASSWORD %s %s"
            .formatted(verb, quoted(name), literal(userPassword), attributes));
  }

  public boolean running() {
    return own().running();
  }

  /** SIGKILL of the server; its own processes follow. */
  public void kill() {
    own().kill();
  }

  public void pause() {
    own().child().pause();
  }

  public void resume() {
    own().child().resume();
  }

  /** Ends sessions and stops. */
  public void stop() {
    own().stop();
  }

  /** Stops the server if it is this object's; a shared one stops with the JVM. */
  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  ChildProcess child() {
    return own().child();
  }

  private boolean answers() {
    if (!Ports.answers(port)) {
      return false;
    }
    try (Connection connection = connect("postgres")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private PostgresProcess own() {
    if (process == null) {
      throw new IllegalStateException("The shared server is not stopped or started by a test");
    }
    return process;
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
