package io.whimbrel.executor.backup;

import io.whimbrel.event.BackupScope;
import io.whimbrel.event.TableName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;

/** A small schema with one of everything that a backup has to carry. */
final class Shop {
  static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);

  private static final String[] SCHEMA = {
    """
    CREATE TYPE mood AS ENUM ('calm', 'glad')
    """,
    """
    CREATE TABLE users (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL,
      email varchar(100) UNIQUE,
      data jsonb,
      tags text[],
      photo bytea,
      at timestamptz DEFAULT now(),
      share double precision,
      mood mood,
      loud_name text GENERATED ALWAYS AS (upper(name)) STORED)
    """,
    """
    CREATE TABLE orders (
      id serial PRIMARY KEY,
      user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      amount numeric(10, 2) CHECK (amount > 0))
    """,
    "CREATE INDEX orders_by_amount ON orders (amount DESC) WHERE amount > 5",
    "CREATE TABLE notes (order_id int REFERENCES orders (id), note text)",
    """
    CREATE TABLE events (day date NOT NULL, what text, PRIMARY KEY (day))
    PARTITION BY RANGE (day)
    """,
    "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    "CREATE TABLE events_rest PARTITION OF events DEFAULT",
    """
    CREATE VIEW spending AS
    SELECT u.id, u.name, sum(o.amount) AS total
    FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.id
    """,
    "CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS orders FROM orders",
    "CREATE TABLE log (line text)",
    """
    CREATE FUNCTION record_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO log VALUES (TG_OP); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER on_order AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON orders
    FOR EACH STATEMENT EXECUTE FUNCTION record_order()
    """,
    """
    INSERT INTO users (name, email, data, tags, photo, share, mood)
    SELECT 'User ' || i, CASE WHEN i % 7 <> 0 THEN 'u' || i || '@example.org' END,
           jsonb_build_object('i', i, 'text', E'a\\tb\\\\n"c"'),
           CASE WHEN i % 3 = 0 THEN ARRAY['x', NULL, E'line\\nbreak', ''] END,
           decode(md5(i::text), 'hex'), 1.0 / i, CASE WHEN i % 2 = 0 THEN 'glad'::mood END
    FROM generate_series(1, 500) i
    """,
    "INSERT INTO orders (user_id, amount) SELECT 1 + i % 500, i FROM generate_series(1, 2000) i",
    "INSERT INTO notes SELECT i, E'note\\t' || i FROM generate_series(1, 50) i",
    "INSERT INTO events SELECT '2025-12-01'::date + i, 'e' || i FROM generate_series(1, 60) i",
    "REFRESH MATERIALIZED VIEW totals",
    "DELETE FROM log",
  };

  private Shop() {}

  static TestDatabase open() throws SQLException {
    TestDatabase database = TestDatabase.create();
    database.run(SCHEMA);
    return database;
  }

  static TableName table(String name) {
    return new TableName("public", name);
  }

  static BackupRequest request(TestDatabase database, Path directory, String... tables) {
    return new BackupRequest(
        "shop",
        database::open,
        BackupScope.TOUCHED,
        List.of(tables).stream().map(Shop::table).toList(),
        List.of("public"),
        UUID.fromString("11111111-2222-3333-4444-555555555555"),
        new DirectoryPlace(directory),
        LOCK_TIMEOUT);
  }

  /** Where a backup is that was written into a directory. */
  static Path path(Backup backup) {
    return ((DirectoryPlace) backup.place()).path();
  }

  /** A table as COPY dumps it, sorted. */
  static List<String> dump(TestDatabase database, String table) throws SQLException, IOException {
    try (Connection connection = database.open()) {
      var out = new ByteArrayOutputStream();
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut("COPY (SELECT * FROM " + table + ") TO STDOUT", out);
      return out.toString(StandardCharsets.UTF_8).lines().sorted().toList();
    }
  }
}
