package io.whimbrel.validation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Throttle;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.report.Status;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables go while a report is underway: the reader is held at a gate before it comes to them. */
class DroppedMeanwhileIT {
  private static final String DATABASE = "validation_dropped";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String GATE =
      "business_constraints: [ { id: gate, sql: select pg_advisory_xact_lock_shared(8) is not null"
          + " } ]";

  @TempDir Path catalog;

  @Test
  void whatIsGoneOrAlteredIsNamedAndTheRestIsLookedAt() throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    server.createDatabase(DATABASE);
    server.execute(
        DATABASE,
        """
        create table gone (id int primary key, n int);
        create table altered (id int primary key, n int);
        create table stays (id int primary key, n int);
        insert into stays values (1, -1), (2, 1);
        alter table gone add constraint positive check (n > 0) not valid;
        alter table altered add constraint positive check (n > 0) not valid;
        alter table stays add constraint positive check (n > 0) not valid;
        """);
    Looking looking = new Looking(DATABASE, catalog, Throttle.DEFAULT);
    looking.rules(GATE);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Connection gate = server.connect(DATABASE);
        Statement statement = gate.createStatement()) {
      statement.execute("select pg_advisory_lock(8)");
      Future<Report> report =
          threads.submit(
              () ->
                  looking.look(
                      List.of("check_constraints", "business_constraints"), new Progress()));
      Awaitility.await()
          .atMost(SOON)
          .until(
              () ->
                  statement
                      .executeQuery(
                          "select from pg_locks where locktype = 'advisory' and not granted")
                      .next());
      statement.execute("drop table gone; alter table altered drop column n");
      statement.execute("select pg_advisory_unlock(8)");

      Map<String, RuleResult> results =
          report.get(SOON.toSeconds(), TimeUnit.SECONDS).results().stream()
              .collect(Collectors.toMap(RuleResult::rule, Function.identity()));
      RuleResult checks = Objects.requireNonNull(results.get("check_constraints"));
      assertThat(checks.status()).isEqualTo(Status.FAILED);
      assertThat(checks.findings()).singleElement().extracting("rows").isEqualTo(1L);
      assertThat(checks.reasons())
          .containsExactlyInAnyOrder(
              "public.gone was dropped or altered meanwhile (42P01)",
              "public.altered was dropped or altered meanwhile (42703)");
      assertThat(results.get("business_constraints"))
          .extracting(RuleResult::status)
          .isEqualTo(Status.PASSED);
    } finally {
      threads.shutdownNow();
      server.dropDatabase(DATABASE);
    }
  }
}
