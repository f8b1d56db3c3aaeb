package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunQueries;
import io.whimbrel.executor.run.RunRepository;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on a target whose history contradicts its files. */
@QuarkusTest
@ExecutorIntegration
class ContradictionIT {

  private static final String NAME = "contradiction";

  @ConfigProperty(name = "whimbrel.targets.file")
  Path targets;

  @Inject RunLifecycle lifecycle;
  @Inject RunRepository runs;
  @Inject RunQueries queries;

  @TempDir Path catalogue;
  private TestTarget target;

  @BeforeEach
  void aTargetWithOneMigration() throws Exception {
    target = new TestTarget(catalogue);
    Files.writeString(
        targets,
        """
        targets:
          - name: %s
            url: %s
            catalog: %s
            executor: { user: migrator }
            validator: { user: migrator }
        """
            .formatted(NAME, target.target().url(), catalogue));
    target.file("V1__a.sql", "create table a (\n  secret text default 'swordfish'\n);\n");
    assertThat(run(List.of(), List.of()).state()).isEqualTo(RunStateName.COMPLETED);
  }

  @AfterEach
  void noTarget() throws IOException {
    Files.writeString(targets, "targets: []\n");
  }

  @Test
  void aChangedScriptIsShownToWhoReadsTheRunAndToNobodyElse() {
    target.file("V1__a.sql", "create table a (\n  secret text default 'trout'\n);\n");

    Run run = run(List.of(), List.of());

    assertThat(run.state()).isEqualTo(RunStateName.REJECTED);
    assertThat(message(run))
        .startsWith("V1__a.sql has changed since it was applied (checksum ")
        .contains("from line 2 on")
        .endsWith("or accept the new text with \"repair\": [\"1\"]");
    assertThat(queries.differences(run.id()).orElseThrow())
        .contains("\"-  secret text default 'swordfish'\"")
        .contains("\"+  secret text default 'trout'\"");
    assertThat(queries.eventsAfter(run.id(), 0)).isNotEmpty();
    assertThat(String.join("", queries.eventsAfter(run.id(), 0)))
        .doesNotContain("swordfish")
        .doesNotContain("trout");
  }

  @Test
  void whatFlywayAppliedIsNotKnown() throws Exception {
    target.file("V2__b.sql", "create table only_flyway_knows ();");
    target.flyway().migrate();
    target.file("V2__b.sql", "create table b (i int);");

    Run run = run(List.of(), List.of());

    assertThat(message(run))
        .contains("V2__b.sql has changed")
        .contains("its former text is not known here");
    assertThat(queries.differences(run.id()).orElseThrow().replace(" ", ""))
        .matches(
            "\\[\\{\"script\":\"V2__b.sql\",\"appliedChecksum\":-?\\d+,\"checksum\":-?\\d+,\"diff\":\\[]}]");
  }

  @Test
  void aRunRepairsWhatItNamesAndSaysSo() throws Exception {
    target.file("V1__a.sql", "create table a (secret text default 'trout');\n");
    target.file("V2__b.sql", "create table b ();");

    Run run = run(List.of("1"), List.of());

    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(run.planned().repairs()).hasSize(1);
    assertThat(String.join("", queries.eventsAfter(run.id(), 0)))
        .contains("The history row of V1__a.sql takes over its file")
        .doesNotContain("trout");
    assertThat(run(List.of(), List.of()).state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
  }

  @Test
  void aRepairIsMadeAlsoIfNothingIsPending() throws Exception {
    target.file("V1__a.sql", "create table a (secret text default 'trout');\n");

    assertThat(run(List.of("1"), List.of()).state()).isEqualTo(RunStateName.COMPLETED);

    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
  }

  @Test
  void aValidationChangesNothing() {
    target.file("V1__a.sql", "create table a (secret text default 'trout');\n");

    Run run = run(Operation.VALIDATE, List.of("1"), List.of());

    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(run.planned().repairs()).hasSize(1);
    assertThat(target.flyway().validateWithResult().validationSuccessful).isFalse();
  }

  @Test
  void aRunNamesWhatItPassedOver() {
    target.file("V1__a.sql", "create table a (secret text default 'trout');\n");
    target.file("V2__b.sql", "create table b ();");

    Run run = run(List.of(), List.of("1"));

    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(run.planned().notes())
        .anyMatch(note -> note.startsWith("Passed over: V1__a.sql has changed"));
    assertThat(run(List.of(), List.of()).state()).isEqualTo(RunStateName.REJECTED);
  }

  private static String message(Run run) {
    return Objects.requireNonNull(run.error()).message();
  }

  private Run run(List<String> repair, List<String> ignore) {
    return run(Operation.EXECUTE, repair, ignore);
  }

  private Run run(Operation operation, List<String> repair, List<String> ignore) {
    UUID id = UUID.randomUUID();
    RunOptions options =
        new RunOptions(
            false,
            false,
            false,
            true,
            false,
            false,
            false,
            repair,
            ignore,
            List.of(),
            BackupScope.TOUCHED,
            BackupCheck.READ);
    lifecycle.request(
        new MigrationRequested(
            id, operation, NAME, null, null, null, null, null, options, "test", null, null),
        "test",
        false,
        Instant.now());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> runs.find(id).orElseThrow().state().terminal());
    return runs.find(id).orElseThrow();
  }
}
