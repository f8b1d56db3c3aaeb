package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tables of random shape with damage put in at random: what the rules count is what was put in, in
 * every mode, and the keys they name are of damaged rows. A failure names its seed.
 */
class InjectedDamageIT extends RuleTestBase {
  private static final int CASES = 500;
  private static final List<String> NAMES =
      List.of("plain", "Mixed Case", "with\"quote", "sélect", "it's", "select", "%s", "a;b--");
  private static final List<String> KEY_TYPES = List.of("int", "bigint", "text", "numeric");

  private record Row(
      int id,
      @Nullable Integer parent,
      @Nullable Integer needed,
      @Nullable Integer positive,
      @Nullable Integer single) {}

  private record Damage(List<Row> rows, boolean nullsDistinct, boolean partial, int parents) {

    long orphans() {
      return rows.stream().filter(row -> row.parent != null && row.parent > parents).count();
    }

    long missing() {
      return rows.stream().filter(row -> row.needed == null).count();
    }

    long negative() {
      return rows.stream().filter(row -> row.positive != null && row.positive <= 0).count();
    }

    long duplicates() {
      Map<Integer, Long> sizes = new HashMap<>();
      rows.stream()
          .filter(row -> !partial || (row.positive != null && row.positive > 0))
          .filter(row -> !nullsDistinct || row.single != null)
          .forEach(row -> sizes.merge(Objects.requireNonNullElse(row.single, -1), 1L, Long::sum));
      return sizes.values().stream().filter(size -> size > 1).mapToLong(Long::longValue).sum();
    }
  }

  @Test
  void whatIsCountedIsWhatWasPutIn() throws SQLException {
    long first = System.nanoTime();
    for (int i = 0; i < CASES; i++) {
      check(first + i);
    }
  }

  private void check(long seed) throws SQLException {
    Random random = new Random(seed);
    String table = NAMES.get(random.nextInt(NAMES.size())) + " child";
    Damage damage = damage(random);
    boolean partitioned = random.nextInt(4) == 0;
    create(random, table, damage, partitioned);
    for (Mode mode : Mode.values()) {
      String what = "seed " + seed + " in mode " + mode;
      assertThat(found(new FkIntegrity(), mode, table, what)).as(what).isEqualTo(damage.orphans());
      assertThat(found(new NotNullConstraints(), mode, table, what))
          .as(what)
          .isEqualTo(damage.missing());
      assertThat(found(new CheckConstraints(), mode, table, what))
          .as(what)
          .isEqualTo(damage.negative());
      if (!partitioned) {
        assertThat(found(new UniqueConstraints(), mode, table, what))
            .as(what)
            .isEqualTo(damage.duplicates());
      }
    }
  }

  private long found(Rule rule, Mode mode, String table, String what) throws SQLException {
    RuleFixture.Looked looked = database.look(rule, mode, table);
    assertThat(looked.obstacles()).as(what).isEmpty();
    assertThat(looked.looks()).as(what).isPositive();
    return looked.findings().stream().mapToLong(Finding::rows).sum();
  }

  private static Damage damage(Random random) {
    int parents = 1 + random.nextInt(5);
    int harm = random.nextInt(4);
    List<Row> rows = new ArrayList<>();
    int count = random.nextInt(40);
    for (int id = 1; id <= count; id++) {
      rows.add(
          new Row(
              id,
              perhaps(random, 1 + random.nextInt(parents + harm)),
              harm == 0 ? Integer.valueOf(id) : perhaps(random, id),
              perhaps(random, harm == 0 ? id : random.nextInt(5) - 1),
              perhaps(random, random.nextInt(harm == 0 ? 10_000 : 60))));
    }
    return new Damage(rows, random.nextBoolean(), random.nextBoolean(), parents);
  }

  private static @Nullable Integer perhaps(Random random, int value) {
    return random.nextInt(6) == 0 ? null : value;
  }

  private void create(Random random, String name, Damage damage, boolean partitioned)
      throws SQLException {
    String type = KEY_TYPES.get(random.nextInt(KEY_TYPES.size()));
    String column = Sql.name(NAMES.get(random.nextInt(NAMES.size())) + " ref");
    String table = Sql.name(name);
    String values =
        damage.rows.stream()
            .map(
                row ->
                    "(%d, %s, %s, %s, %s)"
                        .formatted(
                            row.id,
                            row.parent == null ? "null" : "'" + row.parent + "'",
                            row.needed,
                            row.positive,
                            row.single))
            .collect(Collectors.joining(", "));
    database.run(
        """
        drop schema public cascade;
        create schema public;
        grant usage on schema public to public;
        create table parent (id %s primary key);
        insert into parent select n from generate_series(1, %d) as n;
        create table %s (id int primary key, %s %s, needed int, positive int, single int)%s;
        """
            .formatted(
                type,
                damage.parents,
                table,
                column,
                type,
                partitioned ? " partition by hash (id)" : "")
            .replace("select n from", "select n::" + type + " from"));
    if (partitioned) {
      database.run(
          "create table part_0 partition of %s for values with (modulus 2, remainder 0)"
              .formatted(table));
      database.run(
          "create table part_1 partition of %s for values with (modulus 2, remainder 1)"
              .formatted(table));
    } else {
      database.run(
          """
          create unique index once on %s (single) %s %s;
          update pg_index set indisready = false where indexrelid = 'once'::regclass;
          """
              .formatted(
                  table,
                  damage.nullsDistinct ? "" : "nulls not distinct",
                  damage.partial ? "where positive > 0" : ""));
    }
    if (!values.isEmpty()) {
      database.run("insert into %s values %s".formatted(table, values));
    }
    database.run(
        """
        alter table %s add foreign key (%s) references parent not valid,
          add check (needed is not null) not valid, add check (positive > 0) not valid;
        grant select on all tables in schema public to rule_reader;
        """
            .formatted(table, column));
    if (!partitioned) {
      database.run("update pg_index set indisvalid = false where indexrelid = 'once'::regclass");
    }
  }
}
