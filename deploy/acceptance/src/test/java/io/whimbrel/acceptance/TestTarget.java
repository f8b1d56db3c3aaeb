package io.whimbrel.acceptance;

import io.whimbrel.local.EmbeddedPostgres;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.PGConnection;

/** A database of a test with a catalogue of its own, declared to the running services. */
final class TestTarget {
  static final String OWNER = "acceptance_migrator";
  static final String READER = "acceptance_reader";

  private final EmbeddedPostgres postgres;
  private final String name;
  private final Path catalogue;
  private final String password;
  private final Map<String, String> effects = new LinkedHashMap<>();

  private TestTarget(EmbeddedPostgres postgres, String name, Path catalogue, String password) {
    this.postgres = postgres;
    this.name = name;
    this.catalogue = catalogue;
    this.password = password;
  }

  /**
   * @param home takes the catalogue
   * @param policy the target's, in YAML
   */
  static TestTarget create(
      EmbeddedPostgres postgres, TargetsFile targets, Path home, Roles roles, String policy) {
    String name = "t-" + UUID.randomUUID().toString().substring(0, 12);
    Path catalogue = home.resolve(name);
    try {
      Files.createDirectories(catalogue);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    postgres.execute("postgres", "create database %s owner %s".formatted(quoted(name), OWNER));
    targets.add(
        """
        - name: %s
          url: %s
          catalog: %s
          executor: { user: %s, password-file: %s }
          validator: { user: %s, password-file: %s }
          baselineOnMigrate: true
          baselineVersion: "0"
          policy: %s
        """
            .formatted(
                name,
                postgres.url(name),
                catalogue,
                OWNER,
                roles.passwordFile(),
                READER,
                roles.passwordFile(),
                policy));
    return new TestTarget(postgres, name, catalogue, roles.password());
  }

  /** The roles of all test targets, and the password they share. */
  record Roles(String password, Path passwordFile) {
    static Roles create(EmbeddedPostgres postgres, Path home) {
      String password = UUID.randomUUID().toString();
      postgres.createUser(OWNER, password, "CREATEDB");
      postgres.createUser(READER, password, "");
      postgres.execute("postgres", "grant pg_read_all_data to " + READER);
      try {
        return new Roles(password, Files.writeString(home.resolve("password"), password));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  String name() {
    return name;
  }

  String url() {
    return postgres.url(name);
  }

  String password() {
    return password;
  }

  Path catalogue() {
    return catalogue;
  }

  /** Puts a file into the catalogue. */
  TestTarget script(String file, String sql) {
    try {
      Files.writeString(catalogue.resolve(file), sql);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /**
   * @param query true exactly while the migration of this version is applied
   */
  TestTarget effect(String version, String query) {
    effects.put(version, query);
    return this;
  }

  Map<String, String> effects() {
    return effects;
  }

  /** A session of the role that applies the scripts. */
  Connection connect() {
    try {
      return DriverManager.getConnection(url(), OWNER, password);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs statements as the role that applies the scripts. */
  TestTarget sql(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return this;
  }

  /** The first columns of what a query returns. */
  List<String> query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  boolean holds(String query) {
    return query(query).equals(List.of("t"));
  }

  boolean hasTable(String table) {
    return holds("select to_regclass('" + table + "') is not null");
  }

  /** The rows of a table as {@code COPY} writes them, in the order of their text. */
  String rows(String table) {
    try (Connection connection = connect()) {
      StringWriter rows = new StringWriter();
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "copy (select * from %1$s order by %1$s::text) to stdout".formatted(table), rows);
      return rows.toString();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String identifier) {
    return '"' + identifier + '"';
  }
}
