package io.whimbrel.executor.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaSnapshotIT {
  private static final String[] SCHEMA = {
    "CREATE EXTENSION pgcrypto",
    "CREATE SCHEMA other",
    "CREATE TYPE other.mood AS ENUM ('calm', 'glad')",
    "CREATE DOMAIN short AS varchar(5) CHECK (value <> '')",
    "CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood other.mood,"
        + " name short, data jsonb DEFAULT '{}' NOT NULL, UNIQUE NULLS NOT DISTINCT (name))",
    "CREATE TABLE other.parts (id serial PRIMARY KEY, thing bigint REFERENCES things,"
        + " EXCLUDE USING gist (int8range(thing, thing) WITH &&))",
    "CREATE INDEX parts_by_thing ON other.parts (thing) WHERE thing > 5",
    "CREATE VIEW both_of AS SELECT t.*, p.id AS part FROM things t JOIN other.parts p"
        + " ON p.thing = t.id",
    "CREATE FUNCTION next(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT x + 1; END",
    "CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS"
        + " $$ BEGIN RETURN NEW; -- a ; in it\n END $$",
    "CREATE TRIGGER quiet BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION quiet()",
    "CREATE TABLE days (day date) PARTITION BY RANGE (day)",
    "CREATE TABLE days_all PARTITION OF days DEFAULT",
    "COMMENT ON TABLE things IS 'it''s a comment'",
    "GRANT SELECT ON things TO PUBLIC",
    "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY)",
    "CREATE SCHEMA whimbrel",
    "CREATE TABLE whimbrel.fence (token bigint)",
  };

  TestDatabase database;

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabase.create();
  }

  @Test
  void aScriptMakesTheSameStructureInANewDatabase() throws Exception {
    database.run(SCHEMA);
    SchemaSnapshot snapshot = load(database, SchemaSnapshot.Rights.LEFT_OUT);
    TestDatabase copy = TestDatabase.create();
    copy.run(snapshot.creationStatements().toArray(String[]::new));
    assertThat(SchemaDiff.script(load(copy, SchemaSnapshot.Rights.LEFT_OUT), snapshot)).isEmpty();
  }

  @Test
  void aScriptReadsBackAsTheStructureItWasWrittenFrom() throws Exception {
    database.run(SCHEMA);
    SchemaSnapshot snapshot = load(database, SchemaSnapshot.Rights.KEPT);
    SchemaSnapshot parsed =
        SchemaSnapshot.parse(snapshot.creationScript(), SchemaSnapshot.Rights.KEPT);
    assertThat(SchemaDiff.script(snapshot, parsed)).isEmpty();
    assertThat(SchemaDiff.script(parsed, snapshot)).isEmpty();
  }

  @Test
  void bookkeepingAndRightsAreLeftOut() throws Exception {
    database.run(SCHEMA);
    assertThat(load(database, SchemaSnapshot.Rights.LEFT_OUT).creationScript())
        .contains("CREATE TABLE public.things")
        .contains("CREATE EXTENSION pgcrypto")
        .doesNotContain("flyway_schema_history")
        .doesNotContain("whimbrel")
        .doesNotContain("OWNER TO")
        .doesNotContain("GRANT");
    assertThat(load(database, SchemaSnapshot.Rights.KEPT).creationScript())
        .contains("GRANT SELECT ON TABLE public.things TO PUBLIC");
  }

  @Test
  void aNewDatabaseNeedsNothing() throws Exception {
    assertThat(load(database, SchemaSnapshot.Rights.LEFT_OUT).creationScript()).isEmpty();
  }

  @Test
  void changesOfTheOpenTransactionAreSeenAndItGoesOn() throws Exception {
    database.run("CREATE TABLE things (id int)");
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      TestDatabase.execute(connection, "LOCK TABLE things", "CREATE TABLE more (id int)");
      assertThat(SchemaSnapshot.load(connection, SchemaSnapshot.Rights.LEFT_OUT).creationScript())
          .contains("public.more");
      TestDatabase.execute(connection, "INSERT INTO more VALUES (1)");
      connection.commit();
      assertThat(TestDatabase.rows(connection, "SHOW search_path"))
          .containsExactly("\"$user\", public");
    }
    assertThat(database.rows("SELECT id FROM more")).containsExactly("1");
  }

  @Test
  void onlyTheSelectedTablesAreChanged() throws Exception {
    database.run("CREATE TABLE mine (id int)", "CREATE TABLE theirs (id int)");
    SchemaSnapshot before = load(database, SchemaSnapshot.Rights.KEPT);
    database.run(
        "ALTER TABLE mine ADD COLUMN more int",
        "ALTER TABLE theirs ADD COLUMN more int",
        "CREATE TABLE also_theirs (id int)");
    String script =
        SchemaDiff.scriptWithoutForeignKeys(
            load(database, SchemaSnapshot.Rights.KEPT), before, new Mine());
    assertThat(script).contains("mine").doesNotContain("theirs");
  }

  private static final class Mine implements SchemaDiff.Selection {
    @Override
    public boolean table(TableName table) {
      return table.name().equals("mine");
    }

    @Override
    public boolean constraint(TableName table, String constraint) {
      return true;
    }
  }

  private static SchemaSnapshot load(TestDatabase database, SchemaSnapshot.Rights rights)
      throws Exception {
    try (Connection connection = database.open()) {
      return SchemaSnapshot.load(connection, rights);
    }
  }
}
