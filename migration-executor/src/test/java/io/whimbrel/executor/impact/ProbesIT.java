package io.whimbrel.executor.impact;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.ProbeResult.Verdict;
import io.whimbrel.executor.rehearsal.facts.ConstraintState.Kind;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProbesIT {
  private static final TableName CHILD = new TableName("public", "Chi\"ld");
  private static final TableName PARENT = new TableName("public", "parent");
  private static final ImpactSettings QUICK =
      new ImpactSettings(
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofMillis(1),
          64 << 10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          2);

  private static Bed newest;
  private static Bed oldest;

  @BeforeAll
  static void create() throws SQLException {
    newest = filled(Bed.newest());
    oldest = filled(Bed.oldest());
  }

  private static Bed filled(Bed bed) throws SQLException {
    return bed.run(
        "create table parent (id int primary key)",
        "insert into parent select generate_series(1, 100)",
        "create table \"Chi\"\"ld\" (id int primary key, parent_id int, code text, amount numeric,"
            + " day text)",
        "insert into \"Chi\"\"ld\" select i, i, 'c' || i, i, '2026-01-' || 1 + i % 28"
            + " from generate_series(1, 3000) i",
        "update \"Chi\"\"ld\" set parent_id = null where id > 100",
        "update \"Chi\"\"ld\" set parent_id = 777 where id in (7, 8, 9)",
        "update \"Chi\"\"ld\" set code = 'C1' where id = 2",
        "update \"Chi\"\"ld\" set day = 'soon' where id = 5");
  }

  record Case(String name, Facts facts, String sql, Verdict verdict, @Nullable Long rows) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(
      String name, String sql, Verdict verdict, @Nullable Long rows, Facts facts) {
    return new Case(name, facts.locks(CHILD, LockMode.ACCESS_EXCLUSIVE), sql, verdict, rows);
  }

  private static Facts alter() {
    return Facts.of("ALTER TABLE");
  }

  private static Facts notNull(String column, String type) {
    return alter()
        .column(Facts.column(CHILD, column, type, false), Facts.column(CHILD, column, type, true));
  }

  private static Facts type(String column, String from, String to) {
    return alter()
        .column(Facts.column(CHILD, column, from, false), Facts.column(CHILD, column, to, false));
  }

  private static Facts check(String definition, String... columns) {
    return alter()
        .constraint(null, Facts.constraint(CHILD, Kind.CHECK, List.of(columns), definition));
  }

  private static Facts unique(List<String> columns, boolean partial, String keys) {
    return Facts.of("CREATE INDEX")
        .index(
            Facts.unique(
                CHILD,
                "once",
                columns,
                partial,
                "CREATE UNIQUE INDEX once ON public.\"Chi\"\"ld\" USING btree " + keys));
  }

  private static Facts reference(String definition) {
    return alter()
        .constraint(
            null, Facts.foreignKey(CHILD, List.of("parent_id"), PARENT, List.of("id"), definition));
  }

  private static final String USING = "alter table \"Chi\"\"ld\" alter day type ";

  static Stream<Case> cases() {
    return Stream.of(
        of("no null", "x", Verdict.PASSED, 0L, notNull("code", "text")),
        of("nulls", "x", Verdict.WOULD_FAIL, 2900L, notNull("parent_id", "integer")),
        of(
            "new column without default",
            "x",
            Verdict.WOULD_FAIL,
            3000L,
            alter().column(null, Facts.column(CHILD, "fresh", "integer", true))),
        of(
            "check holds",
            "x",
            Verdict.PASSED,
            0L,
            check("CHECK ((amount > (0)::numeric))", "amount")),
        of(
            "check broken",
            "x",
            Verdict.WOULD_FAIL,
            1L,
            check("CHECK ((code <> ')'::text) AND (amount > (1)::numeric)) NO INHERIT", "amount")),
        of("unique", "x", Verdict.PASSED, 0L, unique(List.of("code"), false, "(code)")),
        of(
            "duplicates",
            "x",
            Verdict.WOULD_FAIL,
            3L,
            unique(List.of("parent_id"), false, "(parent_id)")),
        of(
            "duplicates by an expression",
            "x",
            Verdict.WOULD_FAIL,
            2L,
            unique(List.of("", ""), false, "(lower(code), \"substring\"(day, 1, 5)) INCLUDE (id)")),
        of(
            "duplicates only where it does not matter",
            "x",
            Verdict.PASSED,
            0L,
            unique(List.of("parent_id"), true, "(parent_id) WHERE (parent_id < 100)")),
        of(
            "nulls that are equal",
            "x",
            Verdict.WOULD_FAIL,
            2903L,
            unique(List.of("parent_id"), false, "(parent_id) NULLS NOT DISTINCT")),
        of(
            "orphans",
            "x",
            Verdict.WOULD_FAIL,
            3L,
            reference("FOREIGN KEY (parent_id) REFERENCES parent(id)")),
        of("shorter", "x", Verdict.WOULD_FAIL, 2001L, type("code", "text", "character varying(4)")),
        of("short enough", "x", Verdict.PASSED, 0L, type("code", "text", "character varying(5)")),
        of("numbers that fit", "x", Verdict.PASSED, 0L, type("amount", "numeric", "integer")),
        of(
            "numbers that do not fit",
            "x",
            Verdict.WOULD_FAIL,
            1L,
            type("amount", "numeric", "numeric(3,0)")),
        of(
            "a way of its own",
            USING + "date using to_date(day, 'YYYY')",
            Verdict.UNKNOWN,
            null,
            type("day", "text", "date")));
  }

  static Stream<Arguments> everywhere() {
    return cases().flatMap(each -> Stream.of(Arguments.of(15, each), Arguments.of(18, each)));
  }

  @ParameterizedTest(name = "{1}, PostgreSQL {0}")
  @MethodSource("everywhere")
  void rowsThatBreakADemandAreFound(int version, Case each) throws Exception {
    ProbeResult result = probe(version == 15 ? oldest : newest, each.sql(), each.facts());
    assertThat(result.verdict()).as(String.valueOf(result)).isEqualTo(each.verdict());
    assertThat(result.rows()).as(String.valueOf(result)).isEqualTo(each.rows());
  }

  @Test
  void textsAreTriedOneByOneWhereTheServerCan() throws Exception {
    String plain = USING + "date using day::date";
    ProbeResult found = probe(newest, plain, type("day", "text", "date"));
    assertThat(found.verdict()).isEqualTo(Verdict.WOULD_FAIL);
    assertThat(found.rows()).isEqualTo(1);
    assertThat(found.atLeast()).isFalse();
    assertThat(found.keys()).containsExactly(Map.of("id", "5"));
    ProbeResult older = probe(oldest, plain, type("day", "text", "date"));
    assertThat(older.verdict()).isEqualTo(Verdict.WOULD_FAIL);
    assertThat(older.atLeast()).isTrue();
  }

  @Test
  void keysAreShownAndNoOtherValue() throws Exception {
    ProbeResult orphans =
        probe(newest, "x", reference("FOREIGN KEY (parent_id) REFERENCES parent(id)"));
    assertThat(orphans.keys()).containsExactly(Map.of("id", "7"), Map.of("id", "8"));
    assertThat(orphans.toString()).doesNotContain("777");
  }

  @Test
  void rowsThatAnEarlierStatementMayMendMakeNothingFail() throws Exception {
    ProbeResult result =
        probe(
            newest,
            "x",
            Facts.of("UPDATE").writes(CHILD),
            notNull("parent_id", "integer").locks(CHILD, LockMode.ACCESS_EXCLUSIVE));
    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.rows()).isEqualTo(2900);
    assertThat(result.reason()).contains("V1__test.sql line 1 changes rows");
  }

  @Test
  void aColumnThatIsNotThereYetIsUnknown() throws Exception {
    ProbeResult result =
        probe(
            newest,
            "x",
            alter().column(null, Facts.column(CHILD, "code", "text", false)),
            notNull("code", "text").locks(CHILD, LockMode.ACCESS_EXCLUSIVE));
    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.reason()).contains("creates or changes the column");
  }

  @Test
  void aLookThatIsTooLongIsStopped() throws Exception {
    newest.run(
        "create function slow(int) returns bool language sql as"
            + " 'select pg_sleep(0.02) is not null and $1 not between 3 and 4'");
    ImpactSettings short1 =
        new ImpactSettings(
            QUICK.statementTimeout(),
            QUICK.lockTimeout(),
            QUICK.sample(),
            0,
            QUICK.explaining(),
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            2);
    ProbeResult some =
        probe(
            newest,
            short1,
            "x",
            check("CHECK (slow(id))", "id").locks(CHILD, LockMode.ACCESS_EXCLUSIVE));
    assertThat(some.verdict()).isEqualTo(Verdict.WOULD_FAIL);
    assertThat(some.atLeast()).isTrue();
    assertThat(some.rows()).isBetween(1L, 2L);
    ProbeResult none =
        probe(
            newest,
            short1,
            "x",
            check("CHECK (slow(10 + id))", "id").locks(CHILD, LockMode.ACCESS_EXCLUSIVE));
    assertThat(none.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(none.reason()).contains("not enough to read all");
  }

  @Test
  void whoeverLocksTheTableIsNotWaitedFor() throws Exception {
    try (Connection holder = newest.connect()) {
      holder.setAutoCommit(false);
      Bed.execute(holder, "lock table \"Chi\"\"ld\" in access exclusive mode");
      ProbeResult result =
          probe(newest, "x", notNull("code", "text").locks(CHILD, LockMode.ACCESS_EXCLUSIVE));
      assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
      assertThat(result.reason()).contains("holds a lock");
    }
  }

  @Test
  void aTableWithoutRightsIsUnknown() throws Exception {
    Bed bed = Bed.newest();
    bed.asSuperuser("create table \"Chi\"\"ld\" (id int, code text)");
    ProbeResult result =
        probe(bed, "x", notNull("code", "text").locks(CHILD, LockMode.ACCESS_EXCLUSIVE));
    assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(result.reason()).contains("grant it SELECT");
  }

  /** The result of the last demand. */
  private static ProbeResult probe(Bed bed, String sql, Facts... facts) throws Exception {
    return probe(bed, QUICK, sql, facts);
  }

  private static ProbeResult probe(Bed bed, ImpactSettings settings, String sql, Facts... facts)
      throws Exception {
    List<ProbeResult> probes =
        ImpactReader.read(
                bed.target(),
                "test",
                List.of(Bed.script("V1__test.sql", sql)),
                List.of(Facts.script("V1__test.sql", facts)),
                settings)
            .probes();
    return probes.get(probes.size() - 1);
  }
}
