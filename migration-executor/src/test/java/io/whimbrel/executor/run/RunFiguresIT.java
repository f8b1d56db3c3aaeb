package io.whimbrel.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.AppliedStatement;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.StatementFigures;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ExecutorIntegration
class RunFiguresIT {
  private static final int MIGRATIONS = 60;
  private static final int EACH = 20;

  @Inject RunFigures figures;
  @Inject RunMigrations migrations;
  @Inject RunRepository runs;
  @Inject DataSource control;

  /** The event has to fit its topic, however many migrations the run has. */
  @Test
  void theSlowestStatementsOfARunAreTold() throws SQLException {
    UUID run = applied();

    List<Applied> told =
        QuarkusTransaction.requiringNew()
            .call(() -> figures.applied(runs.find(run).orElseThrow(), RunStateName.COMPLETED));

    int left = MIGRATIONS - RunFigures.MOST_STATEMENTS / EACH;
    assertThat(told).hasSize(MIGRATIONS);
    assertThat(Objects.requireNonNull(told).subList(0, left))
        .allMatch(migration -> migration.statements() == null);
    assertThat(told.subList(left, MIGRATIONS))
        .allSatisfy(
            migration ->
                assertThat(migration.statements())
                    .extracting(AppliedStatement::statement)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, EACH).boxed().toList()));
    assertThat(told.get(MIGRATIONS - 1).statements())
        .first()
        .isEqualTo(new AppliedStatement(1, 1_181, true, 7, 8_000L));
  }

  /** A run whose statements each took a millisecond more than the one before. */
  private UUID applied() throws SQLException {
    UUID run = UUID.randomUUID();
    insert(run);
    List<RunPlan.PlannedMigration> planned =
        IntStream.range(0, MIGRATIONS)
            .mapToObj(
                i ->
                    new RunPlan.PlannedMigration(
                        "V%d__a.sql".formatted(i), "VERSIONED", null, "a", 1, false, null, null))
            .toList();
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              runs.savePlan(
                  run,
                  new RunPlan(
                      planned, List.of(), List.of(), List.of(), false, "none", List.of(), List.of(),
                      List.of(), null, null));
              migrations.plan(run, planned);
            });
    for (int i = 0; i < MIGRATIONS; i++) {
      int before = i * EACH;
      List<StatementFigures> statements =
          IntStream.rangeClosed(1, EACH)
              .mapToObj(
                  number ->
                      new StatementFigures(
                          number, before + number, number == 1, 7, number == 1 ? 8_000L : null))
              .toList();
      migrations.applied(run, i, new RunMigrations.Figures(5, 0, 0, null, statements), null);
    }
    return run;
  }

  private void insert(UUID run) throws SQLException {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into run (run_id, operation, target, state, active, request, source,
            may_lose_data, requested_at)
          values ('%1$s', 'EXECUTE', 'figures', 'APPLYING', true,
            '{"runId":"%1$s","operation":"EXECUTE","target":"figures"}', 'test', false, now())
          """
              .formatted(run));
    }
  }
}
