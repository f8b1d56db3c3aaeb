package io.whimbrel.executor.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.planning.CatalogueStatus.CatalogueView;
import io.whimbrel.executor.planning.CatalogueStatus.MigrationView;
import io.whimbrel.executor.planning.CatalogueStatus.TargetStatus;
import io.whimbrel.target.TargetRegistry;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@ExecutorIntegration
class CatalogueStatusIT {

  @Inject CatalogueStatus status;
  @TempDir Path directory;

  @Test
  void aBaselineMigrationStandsForTheVersionsUpToItsOwnWhereItRunsAndNowhereElse() {
    TestTarget target = project();

    assertThat(shown(target))
        .containsExactly(
            "B2__base.sql false",
            "V1__a.sql null",
            "V2__b.sql null",
            "V3__c.sql false",
            "R__r.sql false");
    assertThat(pending(target)).isEqualTo(3);

    target.flyway().migrate();
    assertThat(shown(target))
        .containsExactly(
            "B2__base.sql true",
            "V1__a.sql true",
            "V2__b.sql true",
            "V3__c.sql true",
            "R__r.sql true");

    target.file("B3__base.sql", "select 1");
    target.file("V4__d.sql", "select 1");
    assertThat(shown(target))
        .containsExactly(
            "B2__base.sql true",
            "V1__a.sql true",
            "V2__b.sql true",
            "V3__c.sql true",
            "V4__d.sql false",
            "R__r.sql true");
    assertThat(target.flyway().info().pending()).hasSize(1);
    assertThat(pending(target)).isEqualTo(1);
  }

  @Test
  void aBaselineMigrationIsLeftOutWhereVersionsWereApplied() {
    TestTarget target = new TestTarget(directory).file("V1__a.sql", "select 1");
    target.flyway().migrate();
    target.file("B2__base.sql", "select 1");
    target.file("V2__b.sql", "select 1");

    assertThat(shown(target)).containsExactly("V1__a.sql true", "V2__b.sql false");
    assertThat(pending(target)).isEqualTo(1);
  }

  @Test
  void withoutItsDatabaseAllOfACatalogueIsShownAndNothingIsSaidOfIt() {
    TestTarget target = project();
    target.port(1);

    CatalogueView view = status.of(target.target());
    assertThat(view.targetProblem()).startsWith("The target cannot be reached; SQLSTATE 08");
    assertThat(view.migrations()).hasSize(5).allMatch(migration -> migration.applied() == null);
  }

  @Test
  void allTargetsAreAskedAgainOnceARunHasEnded() throws Exception {
    TestTarget target = project();
    Path password = Files.writeString(directory.resolve("password"), "");
    Path file = directory.resolve("targets.yaml");
    String line =
        "  - { name: %s, url: '%s', catalog: ['%s'], executor: { user: %s, password-file: %s },"
            + " validator: { user: reader, password-file: %5$s } }\n";
    String url = target.target().url();
    String user = target.target().executor().user();
    Files.writeString(
        file,
        "targets:\n"
            + line.formatted("near", url, directory, user, password)
            + line.formatted(
                "away", "jdbc:postgresql://localhost:1/away", directory, user, password));
    TargetStatuses statuses = new TargetStatuses(new TargetRegistry(file), status);

    assertThat(statuses.all(7))
        .extracting(TargetStatus::target, TargetStatus::pending)
        .containsExactly(tuple("near", 3L), tuple("away", null));
    target.flyway().migrate();
    assertThat(statuses.all(7)).extracting(TargetStatus::pending).containsExactly(3L, null);
    assertThat(statuses.all(8)).extracting(TargetStatus::pending).containsExactly(0L, null);
    assertThat(statuses.all(8).get(1).problem()).startsWith("The target cannot be reached");

    Files.writeString(file, "targets:\n" + line.formatted("other", url, directory, user, password));
    assertThat(statuses.all(8)).extracting(TargetStatus::target).containsExactly("other");
  }

  private TestTarget project() {
    return new TestTarget(directory)
        .file("V1__a.sql", "select 1")
        .file("V2__b.sql", "select 1")
        .file("B2__base.sql", "select 1")
        .file("V3__c.sql", "select 1")
        .file("R__r.sql", "select 1");
  }

  private List<String> shown(TestTarget target) {
    return status.of(target.target()).migrations().stream()
        .map(migration -> migration.script() + " " + migration.applied())
        .toList();
  }

  private long pending(TestTarget target) {
    return status.of(target.target()).migrations().stream()
        .map(MigrationView::applied)
        .filter(Boolean.FALSE::equals)
        .count();
  }
}
