package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetSessionIT {

  private static final Duration AT_ONCE = Duration.ZERO;

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() {
    target = new TestTarget(directory);
  }

  @Test
  void theHolderIsNamedInTheServersOwnViews() throws Exception {
    try (TargetSession session = target.session(TestTarget.nextToken())) {
      assertThat(
              target.value(
                  "select application_name from pg_stat_activity a join pg_locks l using (pid)"
                      + " where locktype = 'advisory' and datname = current_database()"))
          .startsWith("whimbrel:run-");
      assertThat(session.connection().getAutoCommit()).isTrue();
    }
  }

  @Test
  void aStrangerWhoHoldsTheLockIsNamedAndLeftAlone() throws Exception {
    try (Connection stranger = target.stranger("flyway")) {
      Sql.execute(stranger, "select pg_advisory_lock(" + 0x7768696D6272656CL + ")");

      assertThatThrownBy(() -> open(TestTarget.nextToken(), Duration.ofMillis(300)))
          .isInstanceOf(TargetBusy.class)
          .hasMessageMatching("Target orders is held by pid \\d+ \\(flyway\\); try again.*");
      assertThat(stranger.isValid(1)).isTrue();
    }
    try (TargetSession session = open(TestTarget.nextToken(), AT_ONCE)) {
      assertThat(session.target().name()).isEqualTo("orders");
    }
  }

  @Test
  void aLaterClaimEndsTheSessionOfAnEarlierOne() throws Exception {
    long token = TestTarget.nextToken();
    try (TargetSession frozen = target.session(token)) {
      frozen.begin();
      Sql.execute(frozen.connection(), "create table a (id int)");

      try (TargetSession later = target.session(TestTarget.nextToken())) {
        later.begin();
        later.commit(CrashPoint.LAST_COMMIT);
        assertThatThrownBy(() -> frozen.commit(CrashPoint.LAST_COMMIT))
            .isInstanceOf(SQLException.class);
      }
    }
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void anEarlierClaimDoesNotGetTheTarget() throws Exception {
    long earlier = TestTarget.nextToken();
    long later = TestTarget.nextToken();
    try (TargetSession holder = target.session(later)) {
      assertThatThrownBy(() -> open(earlier, AT_ONCE)).isInstanceOf(StaleFence.class);
      assertThat(holder.connection().isValid(1)).isTrue();
    }
    assertThatThrownBy(() -> open(earlier, AT_ONCE)).isInstanceOf(StaleFence.class);
  }

  @Test
  void aSessionWhoseTokenIsNoLongerThereIsStoppedByTheFence() throws Exception {
    try (TargetSession session = target.session(TestTarget.nextToken())) {
      session.begin();
      session.commit(CrashPoint.LAST_COMMIT);
      target.execute("update whimbrel.fence set token = " + TestTarget.nextToken());

      assertThatThrownBy(session::begin).isInstanceOf(StaleFence.class);
      assertThat(session.connection().getAutoCommit()).isTrue();
    }
  }

  @Test
  void withoutItsLockATransactionThatIsOpenIsEndedByALaterClaim() throws Exception {
    try (TargetSession frozen = target.session(TestTarget.nextToken())) {
      frozen.begin();
      Sql.execute(frozen.connection(), "create table a (id int)");
      Sql.execute(frozen.connection(), "select pg_advisory_unlock_all()");
      try (TargetSession later = target.session(TestTarget.nextToken())) {
        assertThat(later.connection().isValid(1)).isTrue();
        assertThatThrownBy(() -> frozen.commit(CrashPoint.LAST_COMMIT))
            .isInstanceOf(SQLException.class);
      }
    }
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void aScriptThatLetsGoOfTheLockDoesNotLoseIt() throws Exception {
    target.file("V1__a.sql", "select pg_advisory_unlock_all(); create table a (id int)");
    try (TargetSession session = target.session()) {
      TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal())
          .apply(target.script("1"), InTransaction.NOTHING);

      assertThat(TargetLock.held(session.connection())).isTrue();
    }
  }

  @Test
  void twoAtOnceGetTheTargetOneAfterTheOther() throws Exception {
    TargetSession first = target.session(TestTarget.nextToken());
    CountDownLatch asked = new CountDownLatch(1);
    long same = TestTarget.nextToken();
    first.close();
    Thread closer =
        new Thread(
            () -> {
              try (TargetSession second = target.session(same)) {
                asked.countDown();
                Sql.execute(second.connection(), "select pg_sleep(0.5)");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    closer.start();
    asked.await();

    try (TargetSession third = target.session(same)) {
      assertThat(third.connection().isValid(1)).isTrue();
    }
    closer.join();
  }

  @Test
  void aRoleThatMayNotMakeOurSchemaIsToldWhatToDo() throws Exception {
    String database = target.target().url().replaceAll(".*/", "");
    target.asSuperuser("alter database " + database + " owner to postgres");

    assertThatThrownBy(() -> target.session())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("Role migrator may not create the schema whimbrel")
        .hasMessageContaining("create schema whimbrel authorization \"migrator\"");

    target.asSuperuser("create schema whimbrel authorization migrator");
    try (TargetSession session = target.session()) {
      assertThat(session.connection().isValid(1)).isTrue();
    }
  }

  @Test
  void aFrozenOwnersTransactionEndsByItself() throws Exception {
    try (TargetSession session = target.session()) {
      assertThat(
              Sql.text(
                  session.connection(),
                  "select current_setting('idle_in_transaction_session_timeout')"))
          .isEqualTo("90s");
      session.used();
      session.reset();
      assertThat(Sql.text(session.connection(), "show client_connection_check_interval"))
          .isEqualTo("5s");
    }
  }

  private TargetSession open(long token, Duration patience) throws Exception {
    return TargetSession.open(target.target(), "run-" + token, token, patience);
  }
}
