package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random schema with a few rows, and random scripts that damage it. */
final class GeneratedSchema {
  static final String NAME = "Some \"Schema\"";
  private static final String SCHEMA = "\"Some \"\"Schema\"\"\"";
  private static final List<String> TYPES =
      List.of(
          "int",
          "bigint",
          "text",
          "varchar(20)",
          "numeric(8, 2)",
          "timestamptz",
          "jsonb",
          "bytea",
          "boolean",
          "float8",
          "text[]",
          "date",
          "mood",
          "amount",
          "interval",
          "uuid",
          "int4range");

  private final Random random;
  private final List<Table> tables = new ArrayList<>();

  private record Table(String name, List<Column> columns, boolean partitioned) {}

  private record Column(String name, String type) {}

  GeneratedSchema(long seed) {
    this.random = new Random(seed);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      String name = random.nextInt(4) == 0 ? "\"T " + i + "\"\"x\"" : "t" + i;
      List<Column> columns =
          IntStream.range(0, 1 + random.nextInt(5))
              .mapToObj(c -> new Column(quotedNow("c" + c), any(TYPES)))
              .toList();
      tables.add(new Table(name, columns, random.nextInt(6) == 0));
    }
  }

  private String quotedNow(String name) {
    return random.nextInt(5) == 0 ? "\"" + name + " ,\"\"'%\"" : name;
  }

  List<TableName> tables() {
    return tables.stream()
        .map(
            table ->
                table.name.startsWith("\"")
                    ? table.name.substring(1, table.name.length() - 1).replace("\"\"", "\"")
                    : table.name)
        .map(name -> new TableName(NAME, name))
        .toList();
  }

  List<String> creation() {
    var script = new ArrayList<String>();
    script.add("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
    script.add("CREATE SCHEMA " + SCHEMA);
    script.add("SET search_path = " + SCHEMA);
    script.add("CREATE TYPE mood AS ENUM ('low', 'high')");
    script.add("CREATE DOMAIN amount AS int CHECK (VALUE >= 0)");
    script.add(
        "CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
    for (Table table : tables) {
      create(table, script);
      script.addAll(rows(table, random.nextInt(15)));
      script.add(
          "UPDATE "
              + table.name
              + " SET ref = (SELECT min(id) FROM "
              + tables.get(0).name
              + ")"
              + " WHERE id % 2 = 0");
    }
    for (int i = 1; i < tables.size(); i++) {
      maybe(
          2,
          script,
          "ALTER TABLE "
              + tables.get(i).name
              + " ADD FOREIGN KEY (ref) REFERENCES "
              + tables.get(0).name
              + " (id)"
              + (random.nextBoolean() ? " ON DELETE CASCADE" : ""),
          true);
    }
    for (Table table : tables) {
      around(table, script);
    }
    return script;
  }

  private void create(Table table, List<String> script) {
    String id =
        random.nextBoolean()
            ? "id int GENERATED "
                + (random.nextBoolean() ? "ALWAYS" : "BY DEFAULT")
                + " AS IDENTITY"
            : "id serial";
    String columns =
        table.columns.stream()
            .map(column -> column.name + " " + column.type)
            .collect(Collectors.joining(", "));
    String key =
        table.partitioned || random.nextInt(3) > 0 ? ", PRIMARY KEY (id)" : ", UNIQUE (id)";
    script.add(
        "CREATE TABLE "
            + table.name
            + " ("
            + id
            + ", ref int, "
            + columns
            + ", twice int GENERATED ALWAYS AS (ref * 2) STORED"
            + key
            + ")"
            + (table.partitioned ? " PARTITION BY RANGE (id)" : ""));
    if (table.partitioned) {
      String plain = table.name.replace("\"", "");
      script.add(
          "CREATE TABLE \""
              + plain
              + "_low\" PARTITION OF "
              + table.name
              + " FOR VALUES FROM (0) TO (8)");
      script.add("CREATE TABLE \"" + plain + "_rest\" PARTITION OF " + table.name + " DEFAULT");
    }
  }

  private void around(Table table, List<String> script) {
    Column column = any(table.columns);
    maybe(2, script, "CREATE INDEX ON " + table.name + " (ref DESC, id)", true);
    maybe(3, script, "ALTER TABLE " + table.name + " ADD CHECK (ref IS NULL OR ref > -100)", true);
    maybe(
        3,
        script,
        "CREATE VIEW \"v of "
            + table.name.replace("\"", "")
            + "\" AS SELECT id, "
            + column.name
            + " FROM "
            + table.name,
        true);
    maybe(
        4,
        script,
        "CREATE TRIGGER quiet BEFORE UPDATE ON "
            + table.name
            + " FOR EACH ROW EXECUTE FUNCTION quiet()",
        true);
    maybe(3, script, "COMMENT ON COLUMN " + table.name + "." + column.name + " IS 'it''s'", true);
    maybe(4, script, "ALTER TABLE " + table.name + " REPLICA IDENTITY FULL", !table.partitioned);
    maybe(4, script, "GRANT SELECT ON " + table.name + " TO PUBLIC", true);
    maybe(4, script, "CREATE POLICY own ON " + table.name + " USING (ref > 0)", true);
    maybe(
        4,
        script,
        "ALTER TABLE " + table.name + " ALTER ref SET DEFAULT 1, ALTER ref SET STATISTICS 9",
        true);
    maybe(5, script, "CREATE STATISTICS ON id, ref FROM " + table.name, true);
  }

  /** Between one and four statements; any of them may turn out to be impossible. */
  List<String> damage() {
    return IntStream.range(0, 1 + random.nextInt(4)).mapToObj(i -> damageOnce()).toList();
  }

  private String damageOnce() {
    Table table = any(tables);
    String alter = "ALTER TABLE " + table.name + " ";
    Column column = any(table.columns);
    return switch (random.nextInt(24)) {
      case 0, 1, 2 ->
          "UPDATE "
              + table.name
              + " SET "
              + column.name
              + " = "
              + value(column.type)
              + " WHERE id % 3 = "
              + random.nextInt(3);
      case 3, 4 -> "DELETE FROM " + table.name + " WHERE id % 4 = " + random.nextInt(4);
      case 5, 6 -> String.join("; ", rows(table, 3));
      case 7 -> "TRUNCATE " + table.name + " CASCADE";
      case 8 -> alter + "DROP COLUMN " + column.name + " CASCADE";
      case 9 -> alter + "RENAME COLUMN " + column.name + " TO renamed";
      case 10 -> alter + "RENAME TO other_name";
      case 11 -> "DROP TABLE " + table.name + " CASCADE";
      case 12 -> alter + "ALTER " + column.name + " TYPE text USING " + column.name + "::text";
      case 13 -> alter + "ADD COLUMN more int NOT NULL DEFAULT 7";
      case 14 -> "ALTER TYPE mood RENAME VALUE 'low' TO 'lower'";
      case 15 -> "DROP TYPE mood CASCADE";
      case 16 -> alter + "ALTER id DROP NOT NULL";
      case 17 -> alter + "DROP COLUMN twice, DROP COLUMN ref CASCADE";
      case 18 -> "CREATE TABLE fresh AS SELECT * FROM " + table.name;
      case 19 -> alter + "ADD UNIQUE (id, ref)";
      case 20 -> "GRANT ALL ON " + table.name + " TO PUBLIC";
      case 21 -> "COMMENT ON TABLE " + table.name + " IS 'new'";
      case 22 -> alter + "REPLICA IDENTITY NOTHING";
      default -> "UPDATE " + table.name + " SET ref = NULL";
    };
  }

  private List<String> rows(Table table, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "INSERT INTO %s (%s) VALUES (%s)"
                    .formatted(
                        table.name,
                        table.columns.stream().map(Column::name).collect(Collectors.joining(", ")),
                        table.columns.stream()
                            .map(column -> value(column.type))
                            .collect(Collectors.joining(", "))))
        .toList();
  }

  private String value(String type) {
    int n = random.nextInt(50);
    if (n < 8) {
      return "NULL";
    }
    return switch (type) {
      case "int", "bigint", "amount" -> "" + n;
      case "text", "varchar(20)" ->
          any(List.of("''", "'\\N'", "E'a\\tb'", "E'\\\\'", "E'x\\ny\\r'", "'é😀'", "'" + n + "'"));
      case "numeric(8, 2)" -> any(List.of("1.50", "-0.01", "'NaN'", n + ".1"));
      case "timestamptz" -> "to_timestamp(" + n + "." + n + ")";
      case "jsonb" -> "'{\"a\": [" + n + ", \"b\\\\\\\"\"]}'";
      case "bytea" -> "decode('00ff" + (10 + n) + "', 'hex')";
      case "boolean" -> n % 2 == 0 ? "true" : "false";
      case "float8" -> any(List.of("'-0'", "'infinity'", "0.1", "1e-300", "'NaN'"));
      case "text[]" -> any(List.of("'{}'", "ARRAY['a', NULL, '{\"}']", "ARRAY[['a'], ['b']]"));
      case "date" -> "date '2020-01-01' + " + n;
      case "mood" -> n % 2 == 0 ? "'high'" : "NULL";
      case "interval" -> any(List.of("'-1 day 2 hours'", "'1 mon'", "'" + n + " min'"));
      case "uuid" -> "md5('" + n + "')::uuid";
      default -> any(List.of("'empty'", "'[1,)'", "int4range(" + n + ", 100)"));
    };
  }

  private void maybe(int oneOf, List<String> script, String statement, boolean possible) {
    if (random.nextInt(oneOf) == 0 && possible) {
      script.add(statement);
    }
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
