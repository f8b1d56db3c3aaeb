package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.local.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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
}
