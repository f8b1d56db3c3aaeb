package io.whimbrel.executor.backup;

import io.whimbrel.local.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own on a real server, with an owner who is no superuser. */
public final class TestDatabase {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final EmbeddedPostgres server;
  private final String name;
  private final String owner;

  private TestDatabase(EmbeddedPostgres server, String name, String owner) {
    this.server = server;
    this.name = name;
    this.owner = owner;
  }

  /** Creates a database and its owner, who may create databases. */
  public static TestDatabase create() throws SQLException {
    return create(EmbeddedPostgres.shared());
  }

  /** The same on a certain server. */
  static TestDatabase create(EmbeddedPostgres server) throws SQLException {
    int number = NUMBER.incrementAndGet();
    var database = new TestDatabase(server, "db_" + number, "owner_" + number);
    database.superuser(
        "postgres",
        "CREATE ROLE " + database.owner + " LOGIN CREATEDB",
        "CREATE DATABASE " + database.name + " OWNER " + database.owner);
    return database;
  }

  /** Another one of the same owner that holds the same; nobody may be connected to this one. */
  TestDatabase copy() throws SQLException {
    var copy = new TestDatabase(server, "db_" + NUMBER.incrementAndGet(), owner);
    superuser("postgres", "CREATE DATABASE " + copy.name + " TEMPLATE " + name + " OWNER " + owner);
    return copy;
  }

  void drop() throws SQLException {
    superuser("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
  }

  public String name() {
    return name;
  }

  public String owner() {
    return owner;
  }

  public String url() {
    return server.url(name);
  }

  public Connection open() throws SQLException {
    return DriverManager.getConnection(url(), owner, "");
  }

  public Connection openAsSuperuser() throws SQLException {
    return server.connect(name);
  }

  public void run(String... statements) throws SQLException {
    try (Connection connection = open()) {
      execute(connection, statements);
    }
  }

  public void asSuperuser(String... statements) throws SQLException {
    superuser(name, statements);
  }

  /** The rows of a query, their columns joined by a bar. */
  public List<String> rows(String query) throws SQLException {
    try (Connection connection = open()) {
      return rows(connection, query);
    }
  }

  public static List<String> rows(Connection connection, String query) throws SQLException {
    var rows = new ArrayList<String>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        var values = new ArrayList<String>();
        for (int i = 1; i <= columns; i++) {
          values.add(String.valueOf(row.getString(i)));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  public static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void superuser(String database, String... statements) throws SQLException {
    try (Connection connection = server.connect(database)) {
      execute(connection, statements);
    }
  }
}
