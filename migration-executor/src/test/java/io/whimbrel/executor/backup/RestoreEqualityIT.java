package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.local.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a restore gives back is, byte for byte, what the backup saw. */
class RestoreEqualityIT {
  @TempDir Path directory;

  /** What a run did. */
  private record Damage(List<String> tables, List<String> script) {
    static Damage to(String tables, String... script) {
      return new Damage(
          tables.isEmpty() ? List.of() : List.of(tables.split(", ")), List.of(script));
    }

    Damage after(String first) {
      return new Damage(tables, Stream.concat(Stream.of(first), script.stream()).toList());
    }
  }

  private static final Map<String, Damage> DAMAGES = new LinkedHashMap<>();

  static {
    DAMAGES.put("nothing", Damage.to("artists, works"));
    DAMAGES.put(
        "rows changed, deleted, new",
        Damage.to(
            "artists, works, notes, things, empty",
            "UPDATE artists SET name = lower(name), data = NULL, biography = 'short'"
                + " WHERE id % 20 = 0",
            "UPDATE artists SET born = born + interval '1 microsecond' WHERE id = 110",
            "DELETE FROM works WHERE id > 140",
            "DELETE FROM notes WHERE work > 10",
            "INSERT INTO notes SELECT 1, '\\N'",
            "INSERT INTO artists (name) VALUES ('new')",
            "INSERT INTO things VALUES (77)",
            "UPDATE things SET label = label || '!'",
            "INSERT INTO empty DEFAULT VALUES"));
    DAMAGES.put(
        "keys swapped",
        Damage.to(
            "artists, works",
            "UPDATE works SET ticket = -ticket",
            "UPDATE works SET ticket = -7 - ticket",
            "UPDATE artists SET email = NULL WHERE id IN (100, 110)",
            "UPDATE artists SET email = 'u2@example.org' WHERE id = 100",
            "UPDATE artists SET email = 'u1@example.org' WHERE id = 110"));
    DAMAGES.put(
        "truncated",
        Damage.to(
            "artists, works, notes, visits",
            "TRUNCATE visits",
            "TRUNCATE artists RESTART IDENTITY CASCADE"));
    DAMAGES.put(
        "columns dropped",
        Damage.to(
            "artists, works",
            "ALTER TABLE artists DROP name CASCADE, DROP data",
            "ALTER TABLE works DROP seen"));
    DAMAGES.put(
        "columns renamed, added and of another type",
        Damage.to(
            "artists, works",
            "ALTER TABLE artists RENAME email TO mail",
            "ALTER TABLE artists ADD more text NOT NULL DEFAULT 'x', ALTER share TYPE real",
            "DROP VIEW spending CASCADE",
            "DROP MATERIALIZED VIEW totals CASCADE",
            "DROP TRIGGER on_work ON works",
            "DROP TRIGGER always ON works",
            "ALTER PUBLICATION news DROP TABLE works",
            "ALTER TABLE works ALTER cost TYPE numeric, ALTER ticket DROP DEFAULT",
            "ALTER TABLE works ALTER id TYPE bigint"));
    DAMAGES.put(
        "defaults, identities and generated columns",
        Damage.to(
            "artists, works, statues",
            "ALTER TABLE artists ALTER id DROP IDENTITY, ALTER loud DROP EXPRESSION,"
                + " ALTER mood DROP DEFAULT, ALTER born SET DEFAULT '2000-01-01'",
            "ALTER TABLE works ALTER id DROP DEFAULT",
            "DROP SEQUENCE works_id_seq",
            "ALTER TABLE statues ALTER label DROP DEFAULT"));
    DAMAGES.put(
        "tables dropped with what depends on them",
        Damage.to("artists, works, notes", "DROP TABLE artists, works CASCADE"));
    DAMAGES.put(
        "a table dropped and made anew",
        Damage.to(
            "notes",
            "DROP TABLE notes",
            "CREATE TABLE notes (work int, note text, more int)",
            "INSERT INTO notes VALUES (1)"));
    DAMAGES.put(
        "tables renamed",
        Damage.to(
            "artists, works",
            "ALTER TABLE artists RENAME TO painters",
            "ALTER TABLE works SET SCHEMA \"Old \"\"Wing\"\"\""));
    DAMAGES.put(
        "names quoted",
        Damage.to("Rooms %s, artists", "DROP TABLE \"Old \"\"Wing\"\"\".\"Rooms %s\" CASCADE"));
    DAMAGES.put(
        "names quoted, contents alone",
        Damage.to("Rooms %s", "UPDATE \"Old \"\"Wing\"\"\".\"Rooms %s\" SET \"a,b\" = NULL"));
    DAMAGES.put("views dropped", Damage.to("", "DROP VIEW spending CASCADE"));
    DAMAGES.put(
        "materialized views dropped",
        Damage.to(
            "works",
            "UPDATE works SET cost = cost + 1",
            "DELETE FROM log",
            "DROP MATERIALIZED VIEW totals CASCADE"));
    DAMAGES.put(
        "indexes, constraints and statistics",
        Damage.to(
                "artists, works, notes, things",
                "DROP INDEX artists_by_sound, artists_by_born",
                "ALTER TABLE artists DROP CONSTRAINT \"named!\"",
                "ALTER TABLE things DROP CONSTRAINT other",
                "ALTER TABLE artists DROP CONSTRAINT artists_pkey CASCADE",
                "ALTER TABLE artists DROP CONSTRAINT artists_height_excl",
                "ALTER TABLE notes DROP CONSTRAINT notes_work_fkey",
                "ALTER TABLE notes ADD CHECK (note <> 'y')",
                "DROP STATISTICS \"Both\"",
                "ALTER TABLE artists ALTER email SET NOT NULL",
                "ALTER TABLE artists ALTER name DROP NOT NULL")
            .after("UPDATE artists SET email = id::text"));
    DAMAGES.put(
        "settings of tables and columns",
        Damage.to(
            "artists, works, visits, things",
            "ALTER TABLE artists RESET (fillfactor), SET WITHOUT CLUSTER",
            "ALTER TABLE artists ALTER biography SET STORAGE MAIN, ALTER name SET STATISTICS -1,"
                + " ALTER share RESET (n_distinct)",
            "ALTER INDEX artists_by_sound ALTER COLUMN 1 SET STATISTICS 5",
            "ALTER STATISTICS \"Both\" SET STATISTICS -1",
            "ALTER TABLE artists REPLICA IDENTITY DEFAULT",
            "ALTER TABLE works REPLICA IDENTITY NOTHING",
            "ALTER TABLE things REPLICA IDENTITY FULL",
            "ALTER TABLE visits SET LOGGED"));
    DAMAGES.put(
        "triggers, rules and policies",
        Damage.to(
            "artists, works, notes, things, events",
            "DROP TRIGGER on_work ON works",
            "ALTER TABLE works ENABLE TRIGGER off, DISABLE TRIGGER always",
            "DROP TRIGGER later ON notes",
            "DROP TRIGGER on_event ON events",
            "DROP RULE no_delete ON things",
            "DROP POLICY own ON artists",
            "ALTER POLICY none ON artists USING (true)",
            "ALTER TABLE artists DISABLE ROW LEVEL SECURITY"));
    DAMAGES.put(
        "rights and owners",
        Damage.to(
            "artists, works, visits",
            "REVOKE ALL ON artists FROM reader",
            "GRANT DELETE ON artists TO PUBLIC",
            "GRANT UPDATE (share) ON artists TO reader",
            "REVOKE SELECT ON spending FROM reader",
            "GRANT ALL ON works TO PUBLIC",
            "GRANT ALL ON visits TO CURRENT_USER",
            "TRUNCATE visits",
            "GRANT EXECUTE ON FUNCTION loud(text) TO PUBLIC",
            "REVOKE USAGE ON SEQUENCE works_id_seq FROM reader",
            "GRANT USAGE ON TYPE price TO reader",
            "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC"));
    DAMAGES.put(
        "comments",
        Damage.to(
            "artists, works",
            "COMMENT ON TABLE artists IS NULL",
            "COMMENT ON COLUMN artists.name IS 'other'",
            "COMMENT ON CONSTRAINT \"named!\" ON artists IS NULL",
            "COMMENT ON INDEX artists_by_sound IS NULL",
            "COMMENT ON POLICY own ON artists IS NULL",
            "COMMENT ON TRIGGER on_work ON works IS NULL",
            "COMMENT ON STATISTICS \"Both\" IS NULL",
            "COMMENT ON VIEW spending IS NULL",
            "COMMENT ON TYPE mood IS 'new'",
            "COMMENT ON FUNCTION loud(text) IS NULL"));
    DAMAGES.put(
        "enums and domains",
        Damage.to(
                "artists",
                "ALTER TYPE mood ADD VALUE 'sad' BEFORE 'calm'",
                "ALTER DOMAIN price DROP CONSTRAINT positive",
                "ALTER DOMAIN price SET DEFAULT 2",
                "ALTER DOMAIN price SET NOT NULL")
            .after("UPDATE artists SET worth = 1"));
    DAMAGES.put(
        "enum values renamed",
        Damage.to("artists", "ALTER TYPE mood RENAME VALUE 'calm' TO 'mild'"));
    DAMAGES.put(
        "types dropped",
        Damage.to(
            "artists",
            "DROP TYPE mood CASCADE",
            "DROP TYPE place CASCADE",
            "DROP DOMAIN price CASCADE"));
    DAMAGES.put(
        "functions and sequences",
        Damage.to(
            "works, artists",
            "CREATE OR REPLACE FUNCTION twice(x int) RETURNS int LANGUAGE sql"
                + " BEGIN ATOMIC SELECT x * 3; END",
            "DROP FUNCTION of(artists)",
            "DROP AGGREGATE product(numeric)",
            "DROP PROCEDURE nothing()",
            "ALTER SEQUENCE tickets INCREMENT 1 NO CYCLE",
            "DROP SEQUENCE countdown",
            "CREATE FUNCTION third(x int) RETURNS int LANGUAGE sql AS 'SELECT 3'"));
    DAMAGES.put(
        "partitions",
        Damage.to(
            "events, tours",
            "DELETE FROM tours",
            "ALTER TABLE events DETACH PARTITION events_2025",
            "DROP TABLE events_rest CASCADE",
            "CREATE TABLE events_new PARTITION OF events DEFAULT",
            "INSERT INTO events VALUES ('2030-01-01', 'n', 'new')"));
    DAMAGES.put(
        "a partition changed", Damage.to("events_2025_a", "UPDATE events_2025_a SET what = 'x'"));
    DAMAGES.put("partitions dropped", Damage.to("events, tours", "DROP TABLE events CASCADE"));
    DAMAGES.put(
        "inheritance",
        Damage.to(
            "things, statues",
            "ALTER TABLE statues NO INHERIT things",
            "ALTER TABLE things ADD more int",
            "UPDATE statues SET weight = 1"));
    DAMAGES.put(
        "inherited tables dropped", Damage.to("things, statues", "DROP TABLE things CASCADE"));
    DAMAGES.put(
        "publications",
        Damage.to(
            "works, things, notes",
            "ALTER PUBLICATION news DROP TABLE works",
            "ALTER PUBLICATION news SET TABLE things WHERE (id > 3), notes"));
    DAMAGES.put(
        "new things",
        Damage.to(
            "artists",
            "CREATE TABLE prizes (id int PRIMARY KEY, artist bigint REFERENCES artists)",
            "INSERT INTO prizes SELECT id, id FROM artists",
            "CREATE VIEW best AS SELECT a.* FROM prizes JOIN artists a ON a.id = artist",
            "CREATE TYPE rank AS ENUM ('first')",
            "ALTER TABLE artists ADD rank rank",
            "CREATE INDEX artists_by_rank ON artists (rank)",
            "CREATE FUNCTION ranked(r rank) RETURNS int LANGUAGE sql AS 'SELECT 1'"));
  }

  @TestFactory
  Stream<DynamicTest> isEqualOnTheNewestServer() throws Exception {
    return each(EmbeddedPostgres.shared());
  }

  @TestFactory
  Stream<DynamicTest> isEqualOnTheOldestServer() throws Exception {
    return each(EmbeddedPostgres.sharedOldest());
  }

  private Stream<DynamicTest> each(EmbeddedPostgres server) throws Exception {
    TestDatabase museum = Museum.open(server);
    return DAMAGES.entrySet().stream()
        .map(
            damage ->
                DynamicTest.dynamicTest(damage.getKey(), () -> check(museum, damage.getValue())));
  }

  private void check(TestDatabase museum, Damage damage) throws Exception {
    TestDatabase copy = museum.copy();
    // The triggers of the tables write into the log.
    List<TableName> tables =
        Stream.concat(damage.tables().stream(), Stream.of("log")).map(Museum::table).toList();
    Trial trial = Trial.of(copy, Museum.SCHEMAS, tables, directory.resolve(copy.name()));
    Recorded recorded = trial.damage(damage.script(), false);
    if (!damage.script().isEmpty()) {
      assertThat(trial.isDamaged()).isTrue();
    }
    trial.restore(recorded);
    trial.isAsBefore();
    copy.drop();
  }
}
