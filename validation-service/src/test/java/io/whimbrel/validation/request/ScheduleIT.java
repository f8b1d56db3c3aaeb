package io.whimbrel.validation.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.Phase;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import io.whimbrel.local.test.PostgresResource;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import io.whimbrel.validation.TargetResource;
import io.whimbrel.validation.Wire;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = PostgresResource.class,
    initArgs = @ResourceArg(name = "database", value = "validation"))
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(TargetResource.class)
@SuppressWarnings("NullAway.Init")
class ScheduleIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @ConfigProperty(name = "whimbrel.targets.file")
  Path targets;

  @Inject TargetRegistry registry;
  @Inject DueValidation due;

  private final String target = "s-" + UUID.randomUUID();

  @AfterEach
  void forget() {
    TargetResource.declare(targets, "", List.of("orders"));
  }

  @Test
  void aTargetIsValidatedWhenItsTimeHasComeAndAllWhoListenAreTold() throws Exception {
    TargetResource.run("drop table if exists due; create table due (id int, n int)");
    TargetResource.run("insert into due values (1, -1)");
    TargetResource.run("alter table due add constraint positive check (n > 0) not valid");
    declare("every: 1h, categories: [data_integrity]");
    awaitTiming("every PT1H");
    assertThat(number("select count(*) from validation where target = '%s'")).isZero();

    // Five hours away: nobody was there at five of its times.
    missed();
    try (Wire wire = new Wire(bootstrap)) {
      Awaitility.await().atMost(SOON).until(() -> !wire.completed(target).isEmpty());
      ValidationCompleted told = wire.completed(target).get(0);
      assertThat(told.phase()).isEqualTo(Phase.TARGETED);
      assertThat(told.runId()).isEqualTo(told.validationId());
      assertThat(told.valid()).isFalse();
      assertThat(told.findings()).anyMatch(finding -> "positive".equals(finding.subject()));
      assertThat(
              number(
                  "select count(*) from validation where target = '%s' and requested_by ="
                      + " 'schedule' and state = 'DONE' and report is not null"))
          .isEqualTo(1);
      assertThat(minutesToNext()).isBetween(58, 60);

      declare("cron: '0 3 * * *', zone: Europe/Berlin");
      awaitTiming("0 3 * * * Europe/Berlin");
      assertThat(number("select count(*) from validation where target = '%s'")).isEqualTo(1);
      assertThat(wire.completed(target)).hasSize(1);
    } finally {
      TargetResource.run("drop table due");
    }
  }

  @Test
  void oneThatIsUnderwayIsNotFollowedByAnother() throws Exception {
    declare("every: 1h");
    awaitTiming("every PT1H");
    EmbeddedPostgres.shared()
        .execute(
            "validation",
            """
            insert into validation (id, phase, target, tables, requested_by, due_at)
            values (gen_random_uuid(), 'TARGETED', '%s', '[]', 'schedule', now() + interval '1 day')
            """
                .formatted(target));
    missed();
    Awaitility.await().atMost(SOON).until(() -> minutesToNext() > 0);
    assertThat(number("select count(*) from validation where target = '%s'")).isEqualTo(1);
    EmbeddedPostgres.shared()
        .execute("validation", "delete from validation where target = '" + target + "'");
  }

  @Test
  void ofManyInstancesOneRequestsIt() throws Exception {
    declare("every: 1h");
    awaitTiming("every PT1H");
    Target declared = registry.find(target).orElseThrow();
    missed();
    ExecutorService instances = Executors.newFixedThreadPool(8);
    List<Callable<Void>> looks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      looks.add(
          () -> {
            due.requestIfDue(declared, Objects.requireNonNull(declared.validation()));
            return null;
          });
    }
    for (Future<Void> look : instances.invokeAll(looks)) {
      look.get();
    }
    instances.shutdown();
    assertThat(number("select count(*) from validation where target = '%s'")).isEqualTo(1);
  }

  private void declare(String schedule) {
    TargetResource.declare(targets, "validation: { " + schedule + " }", List.of(target));
  }

  private void missed() {
    EmbeddedPostgres.shared()
        .execute(
            "validation",
            "update schedule set next_at = now() - interval '5 hours' where target = '"
                + target
                + "'");
  }

  private void awaitTiming(String timing) {
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                number(
                        "select count(*) from schedule where target = '%s' and timing = '"
                            + timing
                            + "'")
                    == 1);
  }

  private int minutesToNext() throws SQLException {
    return number(
        "select floor(extract(epoch from next_at - now()) / 60)::int from schedule where target ="
            + " '%s'");
  }

  private int number(String sql) throws SQLException {
    try (Connection connection = EmbeddedPostgres.shared().connect("validation");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql.formatted(target))) {
      row.next();
      return row.getInt(1);
    }
  }
}
