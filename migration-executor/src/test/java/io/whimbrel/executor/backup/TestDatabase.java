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

  private final String name;
  private final String owner;

  private TestDatabase(String name, String owner) {
    this.name = name;
    this.owner = owner;
  }

  /** Creates a database and its owner, who may create databases. */
  public static TestDatabase create() throws SQLException {
    int number = NUMBER.incrementAndGet();
    var database = new TestDatabase("db_" + number, "owner_" + number);
    superuser(
        "postgres",
        "CREATE ROLE " + database.owner + " LOGIN CREATEDB",
        "CREATE DATABASE " + database.name + " OWNER " + database.owner);
    return database;
  }

  public String name() {
    return name;
  }

  public String owner() {
    return owner;
  }

  public String url() {
    return "jdbc:postgresql://localhost:" + EmbeddedPostgres.shared().port() + "/" + name;
  }

  public Connection open() throws SQLException {
    return DriverManager.getConnection(url(), owner, "");
  }

  public Connection openAsSuperuser() throws SQLException {
    return EmbeddedPostgres.shared().connect(name);
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

  private static void superuser(String database, String... statements) throws SQLException {
    try (Connection connection = EmbeddedPostgres.shared().connect(database)) {
      execute(connection, statements);
    }
  }
}
