package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.local.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SessionWatchIT {

  @TempDir Path directory;

  @Test
  void aStatementWhoseAnswerIsLostEndsWhenTheServerHasGivenItsSessionUp() throws Exception {
    TestTarget target = new TestTarget(directory);
    try (SilentNetwork network = new SilentNetwork(EmbeddedPostgres.shared().port())) {
      target.port(network.port());
      target.file("V1__a.sql", "create table a (id int);\nselect pg_sleep(60)");
      ApplyListener losesTheAnswer =
          new ApplyListener() {
            @Override
            public void statement(int number, int of, int line) {
              if (number == 2) {
                network.loseConnections();
                target.asSuperuser(
                    "select pg_terminate_backend(pid) from whimbrel.fence where pid in"
                        + " (select pid from pg_stat_activity)");
              }
            }
          };

      assertThatThrownBy(
              () -> target.apply(target.script("1"), losesTheAnswer, InTransaction.NOTHING))
          .isInstanceOf(TargetLost.class);
    }
    target.port(EmbeddedPostgres.shared().port());
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void aSessionIsGivenUpWhenTheServerDoesNotAnswer() throws Exception {
    TestTarget target = new TestTarget(directory);
    try (SilentNetwork network = new SilentNetwork(EmbeddedPostgres.shared().port())) {
      target.port(network.port());
      try (Connection session = target.stranger("session");
          SessionWatch watch =
              new SessionWatch(
                  target.target(),
                  "watch",
                  session,
                  SessionSettings.backend(session),
                  Duration.ofSeconds(1))) {
        network.fallSilent();

        assertThatThrownBy(() -> Sql.execute(session, "select 1")).isInstanceOf(SQLException.class);
        assertThat(session.isClosed()).isTrue();
        assertThat(watch.seen()).isEmpty();
      }
    }
  }

  @Test
  void theStatementThatRunsIsNamedAmongThoseThatWereSentWithIt() throws Exception {
    TestTarget target = new TestTarget(directory);
    target.file(
        "V1__a.sql",
        "create table a (i int);\ninsert into a values (1);\n"
            + "do $$ begin perform pg_advisory_xact_lock_shared(77); end $$;\ndrop table a");

    assertThat(seenUntil(target, "1", seen -> true).number()).isEqualTo(3);
  }

  @Test
  void howFarALongStatementIsIsSaid() throws Exception {
    TestTarget target = new TestTarget(directory).adopted();
    target.execute(
        "create table big as select g as id, repeat('x', 500) as pad from generate_series(1, 1000)"
            + " g; create function slow(id int) returns int immutable language plpgsql as $$ begin"
            + " if id = 900 then perform pg_advisory_xact_lock_shared(77); end if; return id; end"
            + " $$");
    target.file("V2__b.sql", "create index i on big (slow(id))");

    Seen seen = seenUntil(target, "2", now -> now.part() > 0);

    assertThat(seen.phase()).isEqualTo("building index: scanning table");
    assertThat(seen.part()).isBetween(0.2, 0.34);
  }

  @Test
  void howFarClusterIsIsSaid() throws Exception {
    TestTarget target = new TestTarget(directory).adopted();
    // An analysis of the index would wait in its function too, and hold up what is watched.
    target.execute(
        "create table big with (autovacuum_enabled = off) as select g as id, repeat('x', 500) as"
            + " pad from generate_series(1, 1000) g; create function slow(id int) returns int"
            + " immutable language plpgsql as $$ begin if id = 900 then perform"
            + " pg_advisory_xact_lock_shared(77); end if; return id; end $$; create index i on big"
            + " (slow(id))");
    target.file("V2__b.sql", "set local enable_indexscan = off;\ncluster big using i");

    Seen seen = seenUntil(target, "2", now -> now.part() > 0);

    assertThat(seen.phase()).isEqualTo("sorting tuples");
    assertThat(seen.part()).isBetween(0.33, 0.67);
  }

  @Test
  void howFarVacuumIsIsSaid() throws Exception {
    TestTarget target = new TestTarget(directory).adopted();
    target.execute(
        "create table big as select g as id, repeat('x', 500) as pad from generate_series(1, 1000)"
            + " g");
    target.file("V2__b.sql", "vacuum (freeze, disable_page_skipping) big");

    // A page that a cursor stands on cannot be frozen before it moves on.
    Seen seen =
        seenUntil(
            target,
            "2",
            now -> now.part() > 0,
            "begin; declare c cursor for select * from big; move 700 in c",
            "commit");

    assertThat(seen.phase()).isEqualTo("scanning heap");
    assertThat(seen.part()).isBetween(0.1, 0.3);
  }

  @Test
  void howFarCopyIsIsSaid() throws Exception {
    TestTarget target = new TestTarget(directory).adopted();
    Path data = Files.createTempFile("whimbrel-copy", ".txt");
    try {
      Files.write(
          data, IntStream.range(0, 100_000).mapToObj(row -> "%09d".formatted(row)).toList());
      assertThat(data.toFile().setReadable(true, false)).isTrue();
      target.asSuperuser("grant pg_read_server_files to migrator");
      target.execute(
          "create table big (id int); create function slow() returns trigger"
              + " language plpgsql as $$ begin if new.id = 70000 then perform"
              + " pg_advisory_xact_lock_shared(77); end if; return new; end $$; create trigger t"
              + " before insert on big for each row execute function slow()");
      target.file("V2__b.sql", "copy big from '" + data + "'");

      Seen seen = seenUntil(target, "2", now -> now.part() > 0.6);

      assertThat(seen.phase()).isEqualTo("copy from");
      assertThat(seen.part()).isBetween(0.6, 0.8);
    } finally {
      target.asSuperuser("revoke pg_read_server_files from migrator");
      Files.delete(data);
    }
  }

  private record Seen(int number, double part, String phase) {}

  /** What is told of a script that waits for the lock 77 until it is such. */
  private static Seen seenUntil(TestTarget target, String script, Predicate<Seen> such)
      throws Exception {
    return seenUntil(
        target, script, such, "select pg_advisory_lock(77)", "select pg_advisory_unlock(77)");
  }

  /** As above, for a script that waits for what another session holds. */
  private static Seen seenUntil(
      TestTarget target, String script, Predicate<Seen> such, String hold, String letGo)
      throws Exception {
    CompletableFuture<Seen> told = new CompletableFuture<>();
    ApplyListener listener =
        new ApplyListener() {
          @Override
          public void running(int number, int of, double part, String phase) {
            Seen seen = new Seen(number, part, phase);
            if (such.test(seen)) {
              told.complete(seen);
            }
          }
        };
    try (Connection holder = target.stranger("holder")) {
      Sql.execute(holder, hold);
      CompletableFuture<ApplyResult> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return target.apply(target.script(script), listener, InTransaction.NOTHING);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      CompletableFuture<Seen> ended =
          run.thenCompose(
              result ->
                  CompletableFuture.failedFuture(
                      new AssertionError("ended before it was such: " + result)));
      Seen seen = (Seen) CompletableFuture.anyOf(told, ended).get(20, TimeUnit.SECONDS);
      Sql.execute(holder, letGo);
      assertThat(run.get()).isInstanceOf(ApplyResult.Applied.class);
      return seen;
    }
  }
}
