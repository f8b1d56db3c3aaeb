package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Flyway's own table {@code flyway_schema_history} in the target's default schema: the same
 * columns, the same rows, so that Flyway and Whimbrel can take turns.
 */
public final class SchemaHistory {

  public static final String TABLE = "flyway_schema_history";

  private static final String BASELINE_NOTE = "<< Flyway Baseline >>";
  private static final String SCHEMA_NOTE = "<< Flyway Schema Creation >>";

  private final Target target;
  private final String table;
  private final HistoryRows rows;

  public SchemaHistory(Target target) {
    this.target = target;
    this.table = Sql.name(target.defaultSchema()) + "." + Sql.name(TABLE);
    this.rows = new HistoryRows(table);
  }

  /** Its rows, for who changes them. */
  HistoryRows writing() {
    return rows;
  }

  /**
   * Reads without changing anything.
   *
   * @throws Refusal if a row says that a migration failed, or if the target has tables and no
   *     history and is not to be adopted
   */
  public History read(Connection connection) throws SQLException {
    History history = readWithFailures(connection);
    history.failed().stream()
        .findFirst()
        .map(SchemaHistory::failure)
        .ifPresent(SchemaHistory::refuse);
    return history;
  }

  /** As {@link #read}, also if a row says that a migration failed. */
  public History readWithFailures(Connection connection) throws SQLException {
    if (exists(connection)) {
      List<AppliedMigration> applied = applied(connection);
      Optional<Version> baseline =
          applied.stream()
              .filter(AppliedMigration::isBaseline)
              .flatMap(row -> Optional.ofNullable(row.version()).stream())
              .max(Version::compareTo);
      return new History(applied, baseline, true);
    }
    if (empty(connection)) {
      return new History(List.of(), Optional.empty(), false);
    }
    if (!target.baselineOnMigrate()) {
      throw new Refusal(
          "Target "
              + target.name()
              + " has objects in "
              + String.join(", ", target.schemas())
              + " and no schema history; set baselineOnMigrate and baselineVersion to adopt it");
    }
    return new History(List.of(), Optional.of(Version.of(target.baselineVersion())), false);
  }

  /**
   * Makes the table as Flyway does, with the schemas that are missing and the baseline of an
   * adopted target; does nothing if it is there. The caller's transaction holds all of it.
   */
  void create(Connection connection) throws SQLException {
    History planned = readWithFailures(connection);
    if (planned.exists()) {
      return;
    }
    List<String> created = createSchemas(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create table %1$s (
            "installed_rank" integer not null,
            "version" varchar(50),
            "description" varchar(200) not null,
            "type" varchar(20) not null,
            "script" varchar(1000) not null,
            "checksum" integer,
            "installed_by" varchar(100) not null,
            "installed_on" timestamp not null default now(),
            "execution_time" integer not null,
            "success" boolean not null
          );
          alter table %1$s add constraint "flyway_schema_history_pk" primary key ("installed_rank");
          create index "flyway_schema_history_s_idx" on %1$s ("success")\
          """
              .formatted(table));
    }
    if (!created.isEmpty()) {
      String names = created.stream().map(Sql::name).collect(Collectors.joining(","));
      rows.insert(connection, 0, null, SCHEMA_NOTE, "SCHEMA", names, null);
    }
    if (planned.baseline().isPresent()) {
      String version = planned.baseline().get().toString();
      rows.insert(connection, 1, version, BASELINE_NOTE, "BASELINE", BASELINE_NOTE, null);
    }
  }

  /**
   * Notes that a migration was taken back without a script, by a restore; in the transaction of the
   * restore. A version gets the row that undoing it would write; of a repeatable migration and of a
   * baseline the row goes, as it is not marked as deleted by another.
   */
  public void takenBack(Connection connection, AppliedMigration applied) throws SQLException {
    Checkpoints.clear(connection, applied.script());
    if (applied.version() != null && !applied.isBaseline()) {
      rows.insert(
          connection,
          rows.nextRank(connection),
          applied.version().toString(),
          applied.description(),
          AppliedMigration.DELETED,
          applied.script(),
          null);
      return;
    }
    rows.delete(connection, applied.rank());
  }

  /** What is wrong with a row that says that a migration failed, and what to do. */
  public static String failure(AppliedMigration failed) {
    return "The schema history says that "
        + failed.script()
        + " failed; put right what it left behind, remove its row by naming it under repair, and"
        + " try again";
  }

  private static void refuse(String why) {
    throw new Refusal(why);
  }

  private boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("select to_regclass(?)")) {
      query.setString(1, table);
      try (ResultSet result = query.executeQuery()) {
        return result.next() && result.getString(1) != null;
      }
    }
  }

  // As Flyway sees it: what belongs to an extension does not count.
  private boolean empty(Connection connection) throws SQLException {
    String sql =
        """
        select not exists (
          select from pg_catalog.pg_depend d join pg_catalog.pg_namespace n
            on d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = n.oid
          where n.nspname = any (?)
            and d.classid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass,
              'pg_catalog.pg_proc'::regclass)
            and not exists (select from pg_catalog.pg_depend e
              where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e'))
        """;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("text", target.schemas().toArray()));
      try (ResultSet result = query.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  private List<AppliedMigration> applied(Connection connection) throws SQLException {
    List<AppliedMigration> applied = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select * from " + table + " order by installed_rank")) {
      while (row.next()) {
        String version = row.getString("version");
        applied.add(
            new AppliedMigration(
                row.getInt("installed_rank"),
                version == null ? null : Version.of(version),
                row.getString("description"),
                row.getString("type"),
                row.getString("script"),
                row.getObject("checksum", Integer.class),
                row.getString("installed_by"),
                row.getTimestamp("installed_on").toInstant(),
                row.getBoolean("success")));
      }
    }
    return applied;
  }

  private List<String> createSchemas(Connection connection) throws SQLException {
    List<String> created = new ArrayList<>();
    for (String schema : target.schemas()) {
      if (!schemaExists(connection, schema)) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("create schema " + Sql.name(schema));
        }
        created.add(schema);
      }
    }
    return created;
  }

  private static boolean schemaExists(Connection connection, String schema) throws SQLException {
    String sql = "select exists (select from pg_catalog.pg_namespace where nspname = ?)";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, schema);
      try (ResultSet result = query.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }
}
