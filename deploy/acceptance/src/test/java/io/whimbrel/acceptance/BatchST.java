package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A data migration in batches. */
@WholeSuite
class BatchST {
  private static final int ROWS = 100_000;

  private final Suite suite;

  BatchST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void aBackfillTellsItsRowsAndIsCompleteOnce() {
    TestTarget target =
        suite
            .target()
            .sql(
                "create table person (id int primary key, email text not null, visits int not"
                    + " null)")
            .sql(
                "insert into person select i, 'P' || i || '@EXAMPLE.ORG', 0 from generate_series(1,"
                    + " "
                    + ROWS
                    + ") i")
            .script(
                "V1__Lower_case.sql",
                """
                -- whimbrel:batch table=person key=id size=5000
                -- whimbrel:verify select count(*) = 0 from person where email <> lower(email)
                update person set email = lower(email), visits = visits + 1;
                """)
            .effect("1", "select exists (select from person where visits = 1)");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(
            target.query("select count(*) from person where visits = 1 and email = lower(email)"))
        .containsExactly(Integer.toString(ROWS));
    assertThat(run.json().path("migrations").path(0).path("rows").asLong()).isEqualTo(ROWS);
    History.of(target).flywayAgrees();
    suite.invariantsHold(target);
    List<JsonNode> rows =
        suite.kafka().events(Topics.MIGRATION_PROGRESS, run.id()).stream()
            .filter(event -> event.has("rows"))
            .map(event -> event.path("rows"))
            .toList();
    assertThat(rows).isNotEmpty();
    assertThat(rows).allMatch(event -> event.path("total").asLong() == ROWS);
    assertThat(rows.get(rows.size() - 1).path("done").asLong()).isEqualTo(ROWS);
    assertThat(rows).extracting(event -> event.path("done").asLong()).isSorted();
  }

  @Test
  void aBackfillIsPausedResumedAndCancelledByRest() {
    TestTarget target =
        suite
            .target()
            .sql("create table person (id int primary key, visits int not null)")
            .sql("insert into person select i, 0 from generate_series(1, " + ROWS + ") i")
            .script(
                "V1__Count.sql",
                """
                -- whimbrel:batch table=person key=id size=100 interval=50ms
                update person set visits = visits + 1;
                """);
    UUID id = suite.api().begin(target, Map.of());
    awaitRows(target, 1);

    assertThat(suite.api().post("/runs/" + id + "/pause", "").status()).isEqualTo(202);
    await("the pause").atMost(Api.PATIENCE).until(() -> paused(id));
    long held = rows(target);
    assertThat(target.query("select count(*) from person where visits > 1")).containsExactly("0");

    assertThat(suite.api().post("/runs/" + id + "/resume", "").status()).isEqualTo(202);
    awaitRows(target, held + 1);

    assertThat(suite.api().post("/runs/" + id + "/cancel", "").status()).isEqualTo(202);
    Run run = suite.api().awaitEnd(id);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.FAILED);
    assertThat(run.error().path("message").asText())
        .startsWith("Cancelled by admin")
        .contains(rows(target) + " rows in batches of V1__Count.sql");
    assertThat(rows(target)).isLessThan(ROWS);
    assertThat(target.query("select count(*) from person where visits > 1")).containsExactly("0");
    assertThat(suite.api().post("/runs/" + id + "/pause", "").status()).isEqualTo(409);
  }

  private void awaitRows(TestTarget target, long atLeast) {
    await("rows of a batch").atMost(Api.PATIENCE).until(() -> rows(target) >= atLeast);
  }

  private static long rows(TestTarget target) {
    return Long.parseLong(
        target.query("select count(*) from person where visits = 1").iterator().next());
  }

  private boolean paused(UUID id) {
    return suite.api().run(id).json().path("progress").path("step").asText().equals("PAUSED");
  }
}
