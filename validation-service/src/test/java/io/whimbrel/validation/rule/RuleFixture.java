package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import io.whimbrel.local.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A database of its own, and rules let loose on it under a role that may only read. */
final class RuleFixture implements AutoCloseable {

  record Looked(List<Finding> findings, List<Obstacle> obstacles, int looks) {}

  private static final String READER = "rule_reader";

  private final String name = "rules_" + UUID.randomUUID().toString().substring(0, 8);
  private final EmbeddedPostgres server;
  private final Connection owner;

  RuleFixture() throws SQLException {
    this(EmbeddedPostgres.shared());
  }

  RuleFixture(EmbeddedPostgres server) throws SQLException {
    this.server = server;
    server.createUser(READER, READER, "");
    server.execute("postgres", "grant pg_read_all_stats to " + READER);
    server.createDatabase(name);
    owner = server.connect(name);
    run("alter default privileges grant select on tables to " + READER);
    run("alter default privileges grant usage on schemas to " + READER);
  }

  void run(String sql) throws SQLException {
    try (Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }

  /** As its owner; the caller closes it. */
  Connection connect() throws SQLException {
    return server.connect(name);
  }

  Connection reader() throws SQLException {
    Connection reader = DriverManager.getConnection(server.url(name), READER, READER);
    try (Statement statement = reader.createStatement()) {
      statement.execute("set search_path = pg_catalog");
      statement.execute("set constraint_exclusion = off");
      statement.execute("set row_security = off");
      statement.execute("set lock_timeout = '50ms'");
    }
    return reader;
  }

  Looked look(Rule rule, String... tables) throws SQLException {
    return look(rule, Mode.QUICK, tables);
  }

  /** Tables are of schema public, or named schema.table. */
  Looked look(Rule rule, Mode mode, String... tables) throws SQLException {
    try (Connection reader = reader()) {
      return plan(rule, reader, ScopeReader.named(reader, names(tables)), mode).read();
    }
  }

  Looked look(Rule rule, Mode mode, Declarations declarations, Occasion occasion, String... tables)
      throws SQLException {
    Declared declared = new Declared(declarations, List.of("public"));
    try (Connection reader = reader()) {
      Scope scope = ScopeReader.named(reader, names(tables));
      RuleContext context = new RuleContext(reader, scope, mode, declared, occasion);
      return new Plan(reader, rule.looks(context), context).read();
    }
  }

  Looked lookEverywhere(Rule rule) throws SQLException {
    return lookEverywhere(rule, Declarations.NONE);
  }

  /** In the whole database, and as thoroughly as can be. */
  Looked lookEverywhere(Rule rule, Declarations declarations) throws SQLException {
    return lookEverywhere(rule, declarations, Occasion.ordinary());
  }

  Looked lookEverywhere(Rule rule, Declarations declarations, Occasion occasion)
      throws SQLException {
    Declared declared = new Declared(declarations, List.of("public"));
    try (Connection reader = reader()) {
      Scope scope = ScopeReader.database(reader);
      RuleContext context = new RuleContext(reader, scope, Mode.FULL, declared, occasion);
      return new Plan(reader, rule.looks(context), context).read();
    }
  }

  /** What a rule wants to know, before any of it is read. */
  record Plan(Connection reader, List<Look> looks, RuleContext context) {

    Looked read() throws SQLException {
      return read(null);
    }

    Looked read(@Nullable Sampling sampling) throws SQLException {
      Map<Look, Outcome> outcomes = Collections.synchronizedMap(new IdentityHashMap<>());
      TargetReader target = new TargetReader(reader, null);
      for (Reading reading : Reading.of(looks, sampling)) {
        target.read(reading, outcomes);
      }
      target.finish();
      List<Outcome> all = looks.stream().map(outcomes::get).toList();
      return new Looked(
          all.stream().flatMap(outcome -> outcome.findings().stream()).toList(),
          Stream.concat(
                  context.obstacles().stream(),
                  all.stream().flatMap(outcome -> Stream.ofNullable(outcome.obstacle())))
              .toList(),
          looks.size());
    }
  }

  static Plan plan(Rule rule, Connection reader, Scope scope, Mode mode) throws SQLException {
    RuleContext context =
        new RuleContext(reader, scope, mode, Declared.NOTHING, Occasion.ordinary());
    return new Plan(reader, rule.looks(context), context);
  }

  /** As a validation in mode sample looks. */
  Looked sample(Rule rule, Sampling sampling, String... tables) throws SQLException {
    try (Connection reader = reader()) {
      return plan(rule, reader, ScopeReader.named(reader, names(tables)), Mode.SAMPLE)
          .read(sampling);
    }
  }

  static List<TableName> names(String... tables) {
    return Stream.of(tables).map(RuleFixture::name).toList();
  }

  private static TableName name(String table) {
    int dot = table.indexOf('.');
    return dot < 0
        ? new TableName("public", table)
        : new TableName(table.substring(0, dot), table.substring(dot + 1));
  }

  @Override
  public void close() throws SQLException {
    owner.close();
    server.dropDatabase(name);
  }
}
