package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.target.OpenSessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSessionsIT {

  @TempDir Path directory;

  @Test
  void theMostOfARunAtATimeAreCounted() throws SQLException {
    TestTarget target = new TestTarget(directory);
    OpenSessions run = OpenSessions.count("run");
    OpenSessions other = OpenSessions.count("other");
    try (run;
        other) {
      assertThat(run.most()).isZero();
      Connection first = connect(target, "whimbrel:run");
      for (int i = 0; i < 3; i++) {
        connect(target, "whimbrel-backup:run").close();
      }
      assertThat(run.most()).isEqualTo(2);
      connect(target, "run").close();
      connect(target, "whimbrel:other").close();
      first.abort(Runnable::run);
      connect(target, "whimbrel:run").close();
      assertThat(run.most()).isEqualTo(2);
      assertThat(other.most()).isEqualTo(1);
    }
    try (Connection second = connect(target, "whimbrel:run");
        Connection third = connect(target, "whimbrel:run");
        Connection fourth = connect(target, "whimbrel:run")) {
      assertThat(List.of(second, third, fourth)).hasSize(3);
    }
    assertThat(run.most()).as("until it is closed").isEqualTo(2);
  }

  private static Connection connect(TestTarget target, String name) throws SQLException {
    return target.target().connect(target.target().executor(), name);
  }
}
