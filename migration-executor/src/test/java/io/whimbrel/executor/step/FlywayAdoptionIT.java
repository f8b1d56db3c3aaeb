package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.plan.Selection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flyway and Whimbrel take turns on one database. */
class FlywayAdoptionIT {

  private static final String ORDER = "select string_agg(what, ' ' order by n) from public.log";

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void halfOfAProject() {
    target = new TestTarget(directory);
    target.file("V1__log.sql", "create table log (n serial, what text);\n" + says("1"));
    target.file("V2__b.sql", says("2"));
    target.file("R__r.sql", says("r ${env}"));
    target.file("R__s.sql", says("s"));
    target.file("afterMigrate.sql", says("."));
  }

  @Test
  void whimbrelAppliesExactlyWhatFlywayHasNotApplied() throws Exception {
    target.flyway().migrate();
    otherHalf();

    run();

    assertThat(target.value(ORDER)).isEqualTo("1 2 r test s . 3 10 s changed .");
    flywayIsContent();
  }

  @Test
  void flywayAppliesExactlyWhatWhimbrelHasNotApplied() throws Exception {
    run();
    flywayIsContent();
    otherHalf();

    assertThat(target.flyway().info().pending())
        .extracting(MigrationInfo::getScript)
        .containsExactly("V3__c.sql", "V10__d.sql", "R__s.sql");
    assertThat(target.flyway().migrate().migrationsExecuted).isEqualTo(3);

    assertThat(target.value(ORDER)).isEqualTo("1 2 r test s . 3 10 s changed .");
    run();
    assertThat(target.value(ORDER)).isEqualTo("1 2 r test s . 3 10 s changed . .");
  }

  @Test
  void theyTakeTurns() throws Exception {
    for (int version = 3; version < 9; version++) {
      target.file("V" + version + "__next.sql", says("" + version));
      target.file("R__r.sql", says("r" + version));
      if (version % 2 == 0) {
        assertThat(target.flyway().migrate().success).isTrue();
      } else {
        run();
      }
      flywayIsContent();
    }

    assertThat(target.value(ORDER)).isEqualTo("1 2 3 r3 s . 4 r4 . 5 r5 . 6 r6 . 7 r7 . 8 r8 .");
    assertThat(
            target.value(
                "select count(*) = max(installed_rank) and bool_and(success)"
                    + " from flyway_schema_history"))
        .isEqualTo("t");
  }

  @Test
  void aDatabaseThatFlywayHasAdoptedStaysAdopted() throws Exception {
    existing();
    target.flyway().migrate();
    otherHalf();

    run();

    assertThat(target.value(ORDER)).isEqualTo("2 r test s . 3 10 s changed .");
    flywayIsContent();
  }

  @Test
  void aDatabaseThatWhimbrelHasAdoptedIsOneForFlyway() throws Exception {
    existing();
    run();
    flywayIsContent();
    otherHalf();

    target.flyway().migrate();

    assertThat(target.value(ORDER)).isEqualTo("2 r test s . 3 10 s changed .");
    run();
    assertThat(Arrays.stream(target.flyway().info().applied()).map(MigrationInfo::getScript))
        .containsExactly(
            "<< Flyway Baseline >>",
            "V2__b.sql",
            "R__r.sql",
            "R__s.sql",
            "V3__c.sql",
            "V10__d.sql",
            "R__s.sql");
  }

  @Test
  void whatFlywayAppliedOutOfOrderIsAppliedForWhimbrel() throws Exception {
    otherHalf();
    target.flyway().migrate();
    target.file("V5__late.sql", says("5"));
    Flyway.configure()
        .configuration(target.flyway().getConfiguration())
        .outOfOrder(true)
        .load()
        .migrate();
    target.file("V11__e.sql", says("11"));

    run();

    assertThat(target.value(ORDER)).isEqualTo("1 2 3 10 r test s changed . 5 . 11 .");
    flywayIsContent();
  }

  @Test
  void whatFlywayMarkedAsGoneIsGoneForWhimbrel() throws Exception {
    target.flyway().migrate();
    Files.delete(directory.resolve("R__s.sql"));
    target.flyway().repair();

    run();

    assertThat(target.value(ORDER)).isEqualTo("1 2 r test s . .");
  }

  private void existing() throws Exception {
    target.adopted();
    target.execute("create table log (n serial, what text)");
  }

  private void otherHalf() {
    target.file("V10__d.sql", says("10")).file("V3__c.sql", says("3"));
    target.file("R__s.sql", says("s changed"));
  }

  private void run() throws Exception {
    assertThat(new TestRun(target).apply(new Selection.All()).message()).isEmpty();
  }

  private void flywayIsContent() {
    var validation = target.flyway().validateWithResult();
    assertThat(validation.validationSuccessful).as(validation.getAllErrorMessages()).isTrue();
    assertThat(target.flyway().info().pending()).isEmpty();
  }

  private static String says(String what) {
    return "insert into log (what) values ('" + what + "');";
  }
}
