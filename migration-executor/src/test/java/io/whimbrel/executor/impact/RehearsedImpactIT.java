package io.whimbrel.executor.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.forecast.Calibration;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.forecast.Forecast.Blocked;
import io.whimbrel.executor.forecast.Forecast.StatementForecast;
import io.whimbrel.executor.forecast.Forecast.WorkForecast;
import io.whimbrel.executor.forecast.WorkKind;
import io.whimbrel.executor.impact.ProbeResult.Verdict;
import io.whimbrel.executor.rehearsal.Rehearsal;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real rehearsal saw, asked of the real target, on the oldest and the newest server. */
class RehearsedImpactIT {
  private static final ImpactSettings QUICK =
      new ImpactSettings(
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ZERO,
          64 << 10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          5);

  static Stream<Bed> servers() throws SQLException {
    return Stream.of(filled(Bed.oldest()), filled(Bed.newest()));
  }

  private static Bed filled(Bed bed) throws SQLException {
    bed.asSuperuser("alter role " + bed.role() + " createdb");
    return bed.run(
        "create table owners (id int primary key)",
        "insert into owners select generate_series(1, 1000)",
        "create table items (id int primary key, owner int, code text, amount int)",
        "insert into items select i, i, 'c' || i, i from generate_series(1, 2000) i",
        "update items set code = 'c1', amount = null where id = 2",
        "vacuum analyze");
  }

  private record Seen(TargetImpact impact, Forecast forecast) {}

  private static Seen see(Bed bed, String... statements) throws Exception {
    Script script = Bed.script("V1__test.sql", statements);
    RehearsalReport rehearsed =
        Rehearsal.rehearse(bed.target(), UUID.randomUUID(), List.of(script));
    assertThat(rehearsed.failure()).as(rehearsed.summary()).isNull();
    TargetImpact impact =
        ImpactReader.read(bed.target(), "test", List.of(script), rehearsed.scripts(), QUICK);
    return new Seen(impact, Forecast.of(rehearsed.scripts(), impact, Calibration.DEFAULTS));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void constraintsThatRowsBreakAreFoundBefore(Bed bed) throws Exception {
    Seen seen =
        see(
            bed,
            "alter table items add constraint known foreign key (owner) references owners",
            "alter table items alter amount set not null",
            "alter table items add constraint small check (amount < 1000)",
            "create unique index once on items (code)",
            "create unique index once_lower on items (lower(code), id) where amount > 5",
            "alter table items add fresh int not null",
            "alter table items alter code type varchar(4)",
            "alter table items alter fresh set default 5");
    assertThat(seen.impact().probes())
        .extracting(ProbeResult::number, ProbeResult::verdict, ProbeResult::rows)
        .containsExactly(
            tuple(1, Verdict.WOULD_FAIL, 1000L),
            tuple(2, Verdict.WOULD_FAIL, 1L),
            tuple(3, Verdict.WOULD_FAIL, 1001L),
            tuple(4, Verdict.WOULD_FAIL, 2L),
            tuple(5, Verdict.PASSED, 0L),
            tuple(6, Verdict.WOULD_FAIL, 2000L),
            tuple(7, Verdict.WOULD_FAIL, 1001L));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aDefaultThatIsDroppedAtOnceHasGivenRowsTheirValues(Bed bed) throws Exception {
    String both =
        "do $$ begin alter table items add %1$s %2$s; alter table items alter %1$s drop"
            + " default; end $$";
    Seen seen =
        see(
            bed,
            both.formatted("one", "int not null default 1"),
            both.formatted("code_2", "uuid not null default gen_random_uuid()"),
            "alter table items add two int not null");
    assertThat(seen.impact().probes())
        .extracting(ProbeResult::number, ProbeResult::verdict)
        .containsExactly(tuple(2, Verdict.UNKNOWN), tuple(3, Verdict.WOULD_FAIL));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void constraintsThatAreNotValidatedDemandNothingYet(Bed bed) throws Exception {
    Seen seen =
        see(
            bed,
            "alter table items add constraint known foreign key (owner) references owners not"
                + " valid",
            "alter table items add constraint small check (amount < 1000) not valid",
            "alter table items validate constraint small");
    assertThat(seen.impact().probes())
        .extracting(ProbeResult::number, ProbeResult::verdict)
        .containsExactly(tuple(3, Verdict.WOULD_FAIL));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void workIsWhatPostgresWillDo(Bed bed) throws Exception {
    Seen seen =
        see(
            bed,
            "alter table items alter amount type bigint",
            "create index by_code on items (code)",
            "alter table items add constraint known foreign key (owner) references owners",
            "alter table items add constraint small check (amount < 1000)",
            "update items set code = 'x' where id < 100",
            "alter table items add plain text",
            "create table other (id int)");
    List<StatementForecast> statements = seen.forecast().scripts().get(0).statements();
    assertThat(statements)
        .extracting(s -> s.work().stream().map(WorkForecast::kind).toList())
        .containsExactly(
            List.of(WorkKind.CATALOGUE, WorkKind.REWRITE, WorkKind.INDEX),
            List.of(WorkKind.CATALOGUE, WorkKind.INDEX),
            List.of(WorkKind.CATALOGUE, WorkKind.LOOKUP),
            List.of(WorkKind.CATALOGUE, WorkKind.SCAN),
            List.of(WorkKind.CATALOGUE, WorkKind.UPDATE),
            List.of(WorkKind.CATALOGUE),
            List.of(WorkKind.CATALOGUE));
    assertThat(seen.impact().statement("V1__test.sql", 5).orElseThrow().change())
        .satisfies(change -> assertThat(change.rows()).isBetween(50L, 200L));
    Forecast.Block longest = seen.forecast().longestBlock();
    assertThat(longest).isNotNull();
    assertThat(longest.table()).isEqualTo(new TableName("public", "items"));
    assertThat(longest.blocked()).isEqualTo(Blocked.READS_AND_WRITES);
    assertThat(longest.first()).isEqualTo(1);
    assertThat(longest.last()).isEqualTo(7);
  }
}
