package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.local.EmbeddedPostgres;
import java.sql.SQLException;
import java.util.List;

/** One of everything that the catalogue of a database may have around its tables. */
final class Museum {
  static final List<String> SCHEMAS = List.of("public", "Old \"Wing\"");

  private static final String[] TYPES = {
    "CREATE SCHEMA \"Old \"\"Wing\"\"\"",
    "COMMENT ON SCHEMA \"Old \"\"Wing\"\"\" IS 'quoted'",
    "CREATE TYPE mood AS ENUM ('calm', 'it''s', 'glad')",
    "COMMENT ON TYPE mood IS 'how they are'",
    "CREATE DOMAIN price AS numeric(12, 3) DEFAULT 1 CONSTRAINT positive CHECK (VALUE > 0)",
    "COMMENT ON CONSTRAINT positive ON DOMAIN price IS 'nothing is free'",
    "CREATE TYPE place AS (street text, zip int)",
    "CREATE TYPE heights AS RANGE (subtype = numeric)",
    "CREATE SEQUENCE tickets AS int START 7 INCREMENT 7 MAXVALUE 70000 CYCLE",
    "CREATE SEQUENCE countdown INCREMENT -1",
    "SELECT nextval('tickets'), nextval('tickets'), nextval('countdown')",
    """
    CREATE FUNCTION loud(x text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT upper(x)'
    """,
    "COMMENT ON FUNCTION loud(text) IS 'shouts'",
    "CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT x * 2; END",
    "CREATE PROCEDURE nothing() LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE AGGREGATE product(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1')",
    """
    CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO log VALUES (TG_TABLE_NAME, TG_OP); RETURN NULL; END $$
    """,
    """
    CREATE FUNCTION through() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RETURN NEW; END $$
    """,
    "REVOKE ALL ON FUNCTION loud(text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION loud(text) TO reader WITH GRANT OPTION",
    "GRANT USAGE ON TYPE mood TO reader",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
  };

  private static final String[] TABLES = {
    "CREATE TABLE log (what text, how text)",
    """
    CREATE TABLE artists (
      id bigint GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 10) PRIMARY KEY,
      gone int,
      name text COLLATE "C" NOT NULL CONSTRAINT "named!" CHECK (name <> ''),
      mood mood DEFAULT 'calm',
      worth price,
      home place,
      email varchar(100) UNIQUE,
      tags text[],
      data jsonb,
      photo bytea,
      born timestamptz DEFAULT now(),
      share double precision,
      height heights,
      biography text,
      loud text GENERATED ALWAYS AS (loud(name)) STORED,
      EXCLUDE USING gist (height WITH &&) WHERE (height IS NOT NULL))
    WITH (fillfactor = 70, toast.autovacuum_enabled = false)
    """,
    "ALTER TABLE artists DROP COLUMN gone",
    "ALTER TABLE artists ALTER biography SET STORAGE EXTERNAL, ALTER name SET STATISTICS 500",
    "ALTER TABLE artists ALTER share SET (n_distinct = 5)",
    "CREATE INDEX artists_by_sound ON artists (lower(name), born DESC NULLS LAST) INCLUDE (email)",
    "ALTER INDEX artists_by_sound ALTER COLUMN 1 SET STATISTICS 321",
    "CREATE UNIQUE INDEX artists_by_born ON artists (id) WHERE born IS NOT NULL",
    "CREATE STATISTICS \"Both\" (dependencies, ndistinct) ON name, email FROM artists",
    "ALTER STATISTICS \"Both\" SET STATISTICS 77",
    "COMMENT ON STATISTICS \"Both\" IS 'go together'",
    "ALTER TABLE artists CLUSTER ON artists_pkey",
    "ALTER TABLE artists REPLICA IDENTITY FULL",
    "COMMENT ON TABLE artists IS 'who made it'",
    "COMMENT ON COLUMN artists.\"name\" IS E'with ''quotes''\\nand lines'",
    "COMMENT ON INDEX artists_by_sound IS 'to find them'",
    "COMMENT ON CONSTRAINT \"named!\" ON artists IS 'all have names'",
    """
    CREATE TABLE works (
      id serial PRIMARY KEY,
      artist bigint NOT NULL REFERENCES artists (id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED,
      ticket int NOT NULL DEFAULT nextval('tickets'),
      "Title ""x""\" text NOT NULL,
      cost numeric(10, 2) CHECK (cost > 0),
      replica_of int REFERENCES works (id) ON DELETE SET NULL,
      seen date,
      EXCLUDE (ticket WITH =))
    """,
    "CREATE UNIQUE INDEX works_identity ON works (ticket)",
    "ALTER TABLE works REPLICA IDENTITY USING INDEX works_identity",
    "CREATE TABLE notes (work int REFERENCES works (id), note text)",
    "CREATE UNLOGGED TABLE visits (at timestamptz, work int)",
    "CREATE TABLE \"Old \"\"Wing\"\"\".\"Rooms %s\" (\"No\" int PRIMARY KEY, \"a,b\" text)",
    "ALTER TABLE artists ADD room int REFERENCES \"Old \"\"Wing\"\"\".\"Rooms %s\" (\"No\")",
    "CREATE TABLE things (id int PRIMARY KEY, label text DEFAULT 'none')",
    "CREATE TABLE statues (weight numeric, CHECK (weight > 0)) INHERITS (things)",
    "ALTER TABLE statues ALTER label SET DEFAULT 'statue'",
    "CREATE TABLE events (day date, kind text, what text, PRIMARY KEY (day, kind))"
        + " PARTITION BY RANGE (day)",
    "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
        + " PARTITION BY LIST (kind)",
    "CREATE TABLE events_2025_a PARTITION OF events_2025 FOR VALUES IN ('a', 'b')",
    "CREATE TABLE events_2025_z PARTITION OF events_2025 DEFAULT",
    "CREATE TABLE events_rest PARTITION OF events DEFAULT",
    "CREATE INDEX events_what ON events (what)",
    "CREATE TABLE tours (day date, kind text, FOREIGN KEY (day, kind) REFERENCES events)",
    "CREATE TABLE empty ()",
  };

  private static final String[] AROUND = {
    "CREATE VIEW spending WITH (security_barrier) AS SELECT a.id, a.name, sum(w.cost) AS total"
        + " FROM artists a JOIN works w ON w.artist = a.id GROUP BY a.id",
    "COMMENT ON VIEW spending IS 'what it cost'",
    "COMMENT ON COLUMN spending.total IS 'all of it'",
    "ALTER VIEW spending ALTER total SET DEFAULT 0",
    "CREATE VIEW rich AS SELECT * FROM spending WHERE total > 100 WITH CASCADED CHECK OPTION",
    "CREATE TRIGGER on_rich INSTEAD OF INSERT ON rich FOR EACH ROW EXECUTE FUNCTION through()",
    "CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS works, sum(cost) AS cost FROM works",
    "CREATE UNIQUE INDEX totals_one ON totals (works)",
    "CREATE MATERIALIZED VIEW unfilled AS SELECT works FROM totals WITH NO DATA",
    "CREATE FUNCTION of(a artists) RETURNS bigint LANGUAGE sql AS 'SELECT $1.id'",
    "CREATE TRIGGER on_work AFTER INSERT OR UPDATE OF cost OR DELETE ON works"
        + " FOR EACH ROW EXECUTE FUNCTION record()",
    "CREATE TRIGGER off AFTER INSERT ON works FOR EACH STATEMENT EXECUTE FUNCTION record()",
    "ALTER TABLE works DISABLE TRIGGER off",
    "CREATE TRIGGER always BEFORE UPDATE ON works FOR EACH ROW WHEN (OLD.cost <> NEW.cost)"
        + " EXECUTE FUNCTION through()",
    "ALTER TABLE works ENABLE ALWAYS TRIGGER always",
    "CREATE CONSTRAINT TRIGGER later AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED"
        + " FOR EACH ROW EXECUTE FUNCTION record()",
    "COMMENT ON TRIGGER on_work ON works IS 'kept'",
    "CREATE TRIGGER on_event AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION record()",
    "CREATE RULE no_delete AS ON DELETE TO things DO INSTEAD NOTHING",
    "COMMENT ON RULE no_delete ON things IS 'forever'",
    "ALTER TABLE artists ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON artists FOR SELECT TO reader USING (name = current_user)",
    "CREATE POLICY none ON artists AS RESTRICTIVE FOR UPDATE USING (false) WITH CHECK (true)",
    "COMMENT ON POLICY own ON artists IS 'theirs alone'",
    "GRANT SELECT, INSERT ON artists TO reader",
    "GRANT UPDATE (name, email) ON artists TO reader WITH GRANT OPTION",
    "REVOKE ALL ON works FROM PUBLIC",
    "GRANT ALL ON works TO reader",
    "GRANT SELECT ON spending TO reader",
    "REVOKE SELECT ON totals FROM PUBLIC",
    "GRANT USAGE ON SEQUENCE works_id_seq TO reader",
    "CREATE PUBLICATION news FOR TABLE works (id, ticket) WHERE (ticket > 5), ONLY things",
  };

  private static final String[] CONTENTS = {
    "INSERT INTO \"Old \"\"Wing\"\"\".\"Rooms %s\" SELECT i, E'r,\\t' || i"
        + " FROM generate_series(1, 5) i",
    """
    INSERT INTO artists (name, mood, worth, home, email, tags, data, photo, share, height, room)
    SELECT 'A ' || i, CASE i % 3 WHEN 0 THEN 'it''s'::mood WHEN 1 THEN 'glad' END,
           CASE WHEN i % 4 <> 0 THEN i END, CASE WHEN i % 2 = 0 THEN ROW('s, "' || i, i)::place END,
           CASE WHEN i % 7 <> 0 THEN 'u' || i || '@example.org' END,
           CASE WHEN i % 3 = 0 THEN ARRAY['x', NULL, E'line\\nbreak', ''] END,
           jsonb_build_object('i', i, 'text', E'a\\tb\\\\n"c"'), decode(md5(i::text), 'hex'),
           1.0 / i, CASE WHEN i % 5 = 0 THEN heights(i, i + 5) END, 1 + i % 5
    FROM generate_series(1, 60) i
    """,
    // Too large for a page, and hardly to be compressed.
    "UPDATE artists SET biography = (SELECT string_agg(md5(g::text || id), '')"
        + " FROM generate_series(1, 400) g) WHERE id % 50 = 0",
    "INSERT INTO works (artist, \"Title \"\"x\"\"\", cost, replica_of)"
        + " SELECT 100 + 10 * (i % 60), E'W\\\\.\\r' || i, i, CASE WHEN i > 9 THEN i - 9 END"
        + " FROM generate_series(1, 150) i",
    "INSERT INTO notes SELECT i, nullif(E'n\\t' || i, E'n\\t3') FROM generate_series(1, 20) i",
    "INSERT INTO notes SELECT 1, '\\N' FROM generate_series(1, 3)",
    "INSERT INTO visits SELECT to_timestamp(i), i FROM generate_series(1, 10) i",
    "INSERT INTO things SELECT i, 'thing ' || i FROM generate_series(1, 10) i",
    "INSERT INTO statues SELECT i, 'statue ' || i, i FROM generate_series(11, 20) i",
    "INSERT INTO events SELECT '2025-12-01'::date + i, chr(96 + i % 5), 'e' || i"
        + " FROM generate_series(1, 60) i",
    "INSERT INTO tours SELECT day, kind FROM events WHERE what LIKE 'e1%%'",
    "INSERT INTO empty SELECT FROM generate_series(1, 3)",
    "REFRESH MATERIALIZED VIEW totals",
    "DELETE FROM log",
    // The order of rows is not that of their keys.
    "UPDATE works SET seen = '2025-01-01' WHERE id % 3 = 0",
    "ALTER TABLE things ADD CONSTRAINT other CHECK (label <> 'thing 3') NOT VALID",
    "REVOKE INSERT, UPDATE, DELETE ON visits FROM CURRENT_USER",
  };

  private Museum() {}

  static TestDatabase open(EmbeddedPostgres server) throws SQLException {
    server.execute(
        "postgres",
        "DO $$ BEGIN IF to_regrole('reader') IS NULL THEN CREATE ROLE reader; END IF; END $$");
    TestDatabase database = TestDatabase.create(server);
    for (String[] part : List.of(TYPES, TABLES, AROUND, CONTENTS)) {
      database.run(part);
    }
    return database;
  }

  static TableName table(String name) {
    return name.equals("Rooms %s")
        ? new TableName(SCHEMAS.get(1), name)
        : new TableName("public", name);
  }
}
