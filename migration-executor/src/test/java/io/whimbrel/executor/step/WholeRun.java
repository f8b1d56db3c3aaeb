package io.whimbrel.executor.step;

import static org.awaitility.Awaitility.await;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunOptions;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunRepository;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** A run through the whole executor, on a target of its own, without validation and backup. */
record WholeRun(UUID id, TestTarget target) {

  static final RunOptions BARE = new RunOptions(false, false, false, true, true, false, false);

  static WholeRun on(TestTarget target) throws IOException {
    return on(target, BARE);
  }

  static WholeRun on(TestTarget target, RunOptions options) throws IOException {
    return on(target, options, "");
  }

  /**
   * The same with other options.
   *
   * @param policy further keys of the target's policy
   */
  static WholeRun on(TestTarget target, RunOptions options, String policy) throws IOException {
    String name = "t-" + UUID.randomUUID();
    Path file = Path.of(ConfigProvider.getConfig().getValue("whimbrel.targets.file", String.class));
    Files.writeString(
        file,
        """
        targets:
          - name: %s
            url: %s
            catalog: %s
            executor: { user: migrator }
            validator: { user: migrator }
            baselineOnMigrate: true
            policy: { lockTimeout: 30s, %s }
        """
            .formatted(name, target.target().url(), target.target().catalog().get(0), policy));
    return requested(target, name, Operation.EXECUTE, null, options);
  }

  /** Takes back what this run did. */
  WholeRun takenBack(RunOptions options) {
    return requested(target, now().target(), Operation.ROLLBACK, id, options);
  }

  private static WholeRun requested(
      TestTarget target,
      String name,
      Operation operation,
      @Nullable UUID subject,
      RunOptions options) {
    WholeRun run = new WholeRun(UUID.randomUUID(), target);
    CDI.current()
        .select(RunLifecycle.class)
        .get()
        .request(
            new MigrationRequested(
                run.id, operation, name, null, null, null, subject, null, options, "tester", null,
                null),
            "test",
            false,
            Instant.now());
    return run;
  }

  Run now() {
    return CDI.current().select(RunRepository.class).get().find(id).orElseThrow();
  }

  /** The run once the condition holds, or once it has ended. */
  Run until(Predicate<Run> condition) {
    return await("run " + id)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(this::now, run -> condition.test(run) || run.state().terminal());
  }

  /** A run that waits for a row of the table users while something is done. */
  static WholeRun heldAt(int row, TestTarget target, Consumer<WholeRun> meanwhile)
      throws IOException, SQLException {
    return heldAt("users where id = " + row, target, meanwhile);
  }

  /**
   * As {@link #heldAt(int, TestTarget, Consumer)}.
   *
   * @param rows a table and which rows of it, as after FROM
   */
  static WholeRun heldAt(String rows, TestTarget target, Consumer<WholeRun> meanwhile)
      throws IOException, SQLException {
    try (Connection holder = target.stranger("holder");
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("select 1 from " + rows + " for update");
      WholeRun run = on(target);
      run.awaitWaiting();
      meanwhile.accept(run);
      return run;
    }
  }

  /** Returns once a session of the run waits for a lock, or sleeps. */
  void awaitWaiting() {
    awaitValue(
        "select count(*) > 0 from pg_stat_activity where application_name like 'whimbrel:%'"
            + " and datname = current_database() and state = 'active'"
            + " and (cardinality(pg_blocking_pids(pid)) > 0 or wait_event = 'PgSleep')",
        "t");
  }

  void awaitValue(String sql, String value) {
    await(sql)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> value.equals(target.value(sql)));
  }
}
