package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.whimbrel.executor.apply.HistoryRepair.Action;
import io.whimbrel.executor.catalog.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Dies at each point that a script passes, each time that it passes it, and goes on in a new
 * session as the executor does after a restart.
 */
class CrashPointIT {

  private static final String USERS =
      "create table users (id int primary key, n int not null default 0);"
          + " insert into users select g, 0 from generate_series(1, 30) g;";

  private static final String HISTORY =
      "create table flyway_schema_history (installed_rank int primary key, version varchar(50),"
          + " description varchar(200) not null, type varchar(20) not null,"
          + " script varchar(1000) not null, checksum int, installed_by varchar(100) not null,"
          + " installed_on timestamp not null default now(), execution_time int not null,"
          + " success boolean not null);";

  private static final Map<String, String> NOTHING_IS_LEFT =
      Map.of(
          "select count(*) from whimbrel.checkpoint",
          "0",
          "select count(*) from pg_index where not indisvalid",
          "0",
          "select count(*) from pg_locks where locktype = 'advisory'",
          "0",
          "select count(*) from pg_stat_activity where datname = current_database()"
              + " and application_name like 'whimbrel:%'",
          "0");

  /** The first case dies there; what a session does before its script is the same for all. */
  private static final Set<CrashPoint> OF_EVERY_SESSION =
      Set.of(CrashPoint.OWN_SCHEMA, CrashPoint.TOKEN, CrashPoint.HISTORY_TABLE);

  @TempDir Path directory;
  private int targets;

  /**
   * A script and what it is to come to.
   *
   * @param remedies what is done to the database after attempts that fail, before the one that dies
   * @param afterDeath what is done before the attempt that goes on
   * @param effects queries and their answers at the end
   * @param repairs of the history, before the script
   * @param together the scripts, if they share a transaction
   */
  private record Case(
      String name,
      String setup,
      Map<String, String> files,
      List<String> remedies,
      String afterDeath,
      Map<String, String> effects,
      List<HistoryRepair> repairs,
      List<String> together) {

    Case(
        String name,
        String setup,
        Map<String, String> files,
        List<String> remedies,
        String afterDeath,
        Map<String, String> effects) {
      this(name, setup, files, remedies, afterDeath, effects, List.of(), List.of());
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case(
              "a transactional script on an empty database",
              "",
              Map.of("V2__a.sql", "create table a (i int);\ninsert into a values (1);"),
              List.of(),
              "",
              Map.of("select count(*) from a", "1")),
          new Case(
              "a transactional script between callbacks",
              USERS + "create table calls ()",
              Map.of(
                  "V2__a.sql", "update users set n = n + 1",
                  "beforeMigrate.sql", "insert into calls default values;"),
              List.of(),
              "",
              Map.of(
                  "select count(*) from users where n = 1", "30",
                  "select count(*) between 1 and 2 from calls", "t")),
          new Case(
              "a script in batches",
              USERS,
              Map.of(
                  "V2__a.sql",
                  "-- whimbrel:batch table=users key=id size=10\nupdate users set n = n + 1"),
              List.of(),
              "",
              Map.of("select count(*) from users where n = 1", "30")),
          new Case(
              "a stepwise script",
              USERS + "create index gone on users (n);",
              Map.of(
                  "V2__a.sql",
                  """
                  set my.note = '1';
                  update users set n = n + current_setting('my.note')::int;
                  create index concurrently i on users (n);
                  drop index concurrently gone;
                  vacuum users;
                  alter table users add column x int;
                  """,
                  "V2__a.sql.conf",
                  "executeInTransaction=false"),
              List.of(),
              "",
              Map.of(
                  "select count(*) from users where n = 1", "30",
                  "select indisvalid from pg_index where indexrelid = 'i'::regclass", "t",
                  "select to_regclass('gone') is null", "t")),
          new Case(
              "a stepwise script that is taken up again",
              USERS,
              Map.of(
                  "V2__a.sql",
                  """
                  set my.note = '1';
                  vacuum users;
                  update users set n = n + current_setting('my.note')::int / (select count(*) from ok);
                  """,
                  "V2__a.sql.conf",
                  "executeInTransaction=false"),
              List.of("create table ok (); insert into ok default values"),
              "",
              Map.of("select count(*) from users where n = 1", "30")),
          new Case(
              "a repair of the history before the script",
              HISTORY
                  + " insert into flyway_schema_history values"
                  + " (1, '1', 'gone', 'SQL', 'V1__gone.sql', 17, 'someone', now(), 0, true),"
                  + " (2, '1.1', 'b', 'SQL', 'V1_1__b.sql', 18, 'someone', now(), 0, true),"
                  + " (3, '2', 'a', 'SQL', 'V2__a.sql', 19, 'someone', now(), 0, false)",
              Map.of("V2__a.sql", "create table a (i int)"),
              List.of(),
              "",
              Map.of(
                  "select string_agg(concat_ws(' ', version, type, checksum), ', ' order by"
                      + " installed_rank) from flyway_schema_history where version < '2'",
                  "1 SQL 17, 1.1 SQL 20, 1 DELETE 17",
                  "select count(*) from flyway_schema_history",
                  "4"),
              List.of(
                  repair(Action.MARK_AS_DELETED, 1, "V1__gone.sql", "1", 17, 17),
                  repair(Action.ALIGN, 2, "V1_1__b.sql", "1.1", 18, 20),
                  repair(Action.REMOVE, 3, "V2__a.sql", "2", 19, 19)),
              List.of()),
          new Case(
              "scripts in one transaction",
              USERS,
              Map.of(
                  "V2__a.sql", "update users set n = n + 1",
                  "V3__b.sql", "update users set n = n + 10",
                  "beforeMigrate.sql", "select 1"),
              List.of(),
              "",
              Map.of(
                  "select count(*) from users where n = 11", "30",
                  "select count(*) from flyway_schema_history where version = '3'", "1"),
              List.of(),
              List.of("2", "3")),
          new Case(
              "an index that cannot be built at first",
              USERS + "update users set n = id; update users set n = 1 where id = 2;",
              Map.of("V2__a.sql", "create unique index concurrently i on users (n)"),
              List.of(),
              "update users set n = id",
              Map.of(
                  "select indisvalid and indisunique from pg_index"
                      + " where indexrelid = 'i'::regclass",
                  "t")));

  private static HistoryRepair repair(
      Action action, int rank, String script, String version, int before, int after) {
    return new HistoryRepair(action, rank, script, version, "b", before, after);
  }

  @TestFactory
  Stream<DynamicNode> whereverItDiesTheNextAttemptMakesItWhole() {
    return CASES.stream().flatMap(this::tests);
  }

  @Test
  void everyPointHasACase() throws Exception {
    Set<CrashPoint> passed = EnumSet.noneOf(CrashPoint.class);
    for (Case each : CASES) {
      passes(each).forEach(pass -> passed.add(pass.point()));
    }
    // The cases of these are in the test of whole runs, which asks for them.
    passed.addAll(Crash.OF_RUNS);
    assertThat(passed).containsExactlyInAnyOrder(CrashPoint.values());
  }

  private Stream<DynamicNode> tests(Case each) {
    List<Crash.Pass> passes;
    try {
      passes = passes(each);
    } catch (Exception e) {
      throw new IllegalStateException(each.name(), e);
    }
    boolean first = each.equals(CASES.get(0));
    return IntStream.range(0, passes.size())
        .filter(i -> first || !OF_EVERY_SESSION.contains(passes.get(i).point()))
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    each.name() + ", " + passes.get(i) + " (" + i + ")",
                    () -> diesAndGoesOn(each, i)));
  }

  private List<Crash.Pass> passes(Case each) throws Exception {
    TestTarget target = prepared(each);
    try (Crash crash = Crash.never(target)) {
      attempt(target, each);
      return crash.passed();
    }
  }

  private void diesAndGoesOn(Case each, int pass) throws Exception {
    TestTarget target = prepared(each);
    try (Crash crash = Crash.at(pass, target)) {
      assertThatThrownBy(() -> attempt(target, each)).isInstanceOf(Crash.Died.class);
      assertThat(crash.passed()).hasSize(pass + 1);
    }
    if (!each.afterDeath().isEmpty()) {
      target.execute(each.afterDeath());
    }
    assertThat(attempt(target, each))
        .isInstanceOfAny(ApplyResult.Applied.class, ApplyResult.AlreadyApplied.class);
    whole(target, each.effects());
  }

  private static void whole(TestTarget target, Map<String, String> effects) throws SQLException {
    Map<String, String> expected = new LinkedHashMap<>(effects);
    expected.put("select count(*) from flyway_schema_history where version = '2' and success", "1");
    for (Map.Entry<String, String> query : expected.entrySet()) {
      assertThat(target.value(query.getKey())).as(query.getKey()).isEqualTo(query.getValue());
    }
    NOTHING_IS_LEFT.forEach(
        (query, answer) ->
            await(query)
                .atMost(Duration.ofSeconds(10))
                .until(() -> answer.equals(target.value(query))));
  }

  private TestTarget prepared(Case each) throws Exception {
    Path home = Files.createDirectories(directory.resolve("" + targets++));
    TestTarget target = new TestTarget(home).adopted();
    if (!each.setup().isEmpty()) {
      target.execute(each.setup());
    }
    each.files().forEach(target::file);
    for (String remedy : each.remedies()) {
      assertThat(attempt(target)).isInstanceOf(ApplyResult.Failed.class);
      target.execute(remedy);
    }
    return target;
  }

  private static ApplyResult attempt(TestTarget target) throws Exception {
    return attempt(target, List.of(), List.of());
  }

  private static ApplyResult attempt(TestTarget target, Case each) throws Exception {
    return attempt(target, each.repairs(), each.together());
  }

  private static ApplyResult attempt(
      TestTarget target, List<HistoryRepair> repairs, List<String> together) throws Exception {
    try (TargetSession session = target.session()) {
      ScriptRunner runner = target.runner(session);
      runner.prepareHistory();
      runner.repairHistory(repairs);
      if (!together.isEmpty()) {
        return runner
            .applyTogether(
                together.stream().map(target::script).toList(),
                script -> ApplyListener.SILENT,
                InTransaction.NOTHING)
            .whole();
      }
      runner.callbacks(Moment.BEFORE_MIGRATE);
      return runner.apply(target.script("2"), InTransaction.NOTHING);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LAST_COMMIT       | create table a (); alter table users add column x int",
        "BATCH             | -- whimbrel:batch table=users key=id size=10%update users set n = 1",
        "STATEMENT_OUTSIDE | create index concurrently i on users (n)"
      })
  void aProcessThatIsGoneLeavesNothingThatHoldsUpTheNext(CrashPoint point, String script)
      throws Exception {
    for (boolean after : List.of(false, true)) {
      Path home = Files.createDirectories(directory.resolve(point + " " + after));
      TestTarget target = new TestTarget(home).adopted();
      target.execute(USERS);
      target.file("V2__a.sql", script.replace('%', '\n'));

      assertThat(dyingProcess(target, home, point, after)).isEqualTo(DyingProcess.DIED);

      assertThat(attempt(target))
          .isInstanceOfAny(ApplyResult.Applied.class, ApplyResult.AlreadyApplied.class);
      whole(target, Map.of());
    }
  }

  private static int dyingProcess(TestTarget target, Path home, CrashPoint point, boolean after)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DyingProcess.class.getName(),
                target.target().url(),
                home.toString(),
                Long.toString(TestTarget.nextToken()),
                point.name(),
                Boolean.toString(after))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output").toFile())
            .start();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).as(Files.readString(home.resolve("output"))).isNotEqualTo(1);
    return process.exitValue();
  }
}
