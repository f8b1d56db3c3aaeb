package io.whimbrel.executor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.plan.PlanProblem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurveyTest {
  private static final Selection ALL = new Selection.All();

  @TempDir Path directory;
  private final List<AppliedMigration> rows = new ArrayList<>();
  private Rules rules = Rules.STRICT;

  @Test
  void aMigrationBringsWhatItDependsOnAndNothingElse() throws IOException {
    file("V1__a.sql", "select 1");
    file("V2__b.sql", "select 1");
    file("V3__c.sql", "-- whimbrel:depends-on 1, x");
    file("V4__d.sql", "select 1");
    file("R__x.sql", "-- whimbrel:depends-on y\nselect 1");
    file("R__y.sql", "select 1");
    file("R__z.sql", "-- whimbrel:depends-on x, 1\nselect 1");
    rules = new Rules(true, IgnorePatterns.DEFAULT, FormerTexts.UNKNOWN);

    assertThat(scripts(new Selection.Named("z")))
        .containsExactly("V1__a.sql", "R__y.sql", "R__x.sql", "R__z.sql");
    assertThat(survey(new Selection.Named("z")).problems()).isEmpty();
    assertThat(scripts(new Selection.Named("3")))
        .containsExactly("V1__a.sql", "V3__c.sql", "R__y.sql", "R__x.sql");
  }

  @Test
  void versionsThatWouldBeOutOfOrderAfterTheSmallestSetAreNamed() throws IOException {
    file("V1__a.sql", "select 1");
    file("V2__b.sql", "select 1");
    file("V3__c.sql", "-- whimbrel:depends-on 1\nselect 1");

    assertThat(survey(new Selection.Named("3")).problems())
        .containsExactly(
            PlanProblem.of(
                Kind.NOT_NEXT,
                "V3__c.sql",
                "V3__c.sql is not the next: V2__b.sql would be out of order after it; ask for"
                    + " everything up to 3"));
    applied("V2__b.sql");
    rules = new Rules(true, IgnorePatterns.DEFAULT, FormerTexts.UNKNOWN);
    assertThat(scripts(new Selection.Named("3"))).containsExactly("V1__a.sql", "V3__c.sql");
  }

  @Test
  void everyProblemIsReportedByNameAtOnce() throws IOException {
    for (String name : List.of("V1__a.sql", "V2__b.sql", "V3__c.sql", "V5__e.sql")) {
      file(name, "select 1");
    }
    applied("V1__a.sql");
    applied("V2__b.sql");
    applied("V5__e.sql");
    file("V1__a.sql", "select 'changed'");
    Files.delete(directory.resolve("V2__b.sql"));
    file("V6__f.sql", "-- whimbrel:depends-on gone\nselect 1");
    file("V7__g.py", "print()");

    Survey survey = survey(ALL);

    assertThat(survey.problems())
        .extracting(PlanProblem::kind, PlanProblem::script)
        .containsExactly(
            tuple(Kind.NOT_CARRIED, "V7__g.py"),
            tuple(Kind.CHANGED, "V1__a.sql"),
            tuple(Kind.MISSING, "V2__b.sql"),
            tuple(Kind.OUT_OF_ORDER, "V3__c.sql"),
            tuple(Kind.DEPENDENCY_MISSING, "V6__f.sql"));
    assertThat(survey.problems().get(4).path()).containsExactly("V6__f.sql", "gone");
    assertThat(survey.migrations())
        .extracting(Migration::script)
        .containsExactly("V3__c.sql", "V6__f.sql");
  }

  @Test
  void aCycleIsNamedOnceWithItsPathAndNotAgainAsAWrongOrder() throws IOException {
    file("V1__a.sql", "-- whimbrel:depends-on 3\nselect 1");
    file("V2__b.sql", "-- whimbrel:depends-on 1\nselect 1");
    file("V3__c.sql", "-- whimbrel:depends-on 2\nselect 1");

    assertThat(survey(ALL).problems())
        .containsExactly(
            new PlanProblem(
                Kind.DEPENDENCY_CYCLE,
                "V1__a.sql",
                "These depend on each other; remove one depends-on: V1__a.sql, V3__c.sql,"
                    + " V2__b.sql",
                List.of("V1__a.sql", "V3__c.sql", "V2__b.sql", "V1__a.sql")));
  }

  @Test
  void aDependencyThatLeadsNowhereIsNamedWithTheWayToIt() throws IOException {
    file("R__x.sql", "-- whimbrel:depends-on y\nselect 1");
    file("R__y.sql", "-- whimbrel:depends-on nowhere\nselect 1");

    assertThat(survey(new Selection.Named("x")).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).containsExactly("R__x.sql", "R__y.sql", "nowhere");
              assertThat(problem.message())
                  .startsWith(
                      "R__y.sql has a depends-on that leads nowhere. No migration is named");
            });
  }

  @Test
  void whatIsAppliedOrUnknownIsAProblemOfTheRequest() throws IOException {
    file("V1__a.sql", "select 1");
    applied("V1__a.sql");

    assertThat(survey(new Selection.Named("1")).problems())
        .containsExactly(
            PlanProblem.of(Kind.ALREADY_APPLIED, "V1__a.sql", "V1__a.sql is already applied"));
    assertThat(survey(new Selection.UpTo("9")).problems())
        .extracting(PlanProblem::kind)
        .containsExactly(Kind.NAME);
  }

  @Test
  void aNumberLeftOutIsANoteWhereVersionsAreCounted() throws IOException {
    for (String name : List.of("V1__a.sql", "V2__b.sql", "V3__c.sql", "V5__e.sql")) {
      file(name, "select 1");
    }
    assertThat(survey(ALL).notes())
        .containsExactly(
            "Between V3__c.sql and V5__e.sql a version is left out; if no file was forgotten,"
                + " nothing is wrong");
    assertThat(survey(ALL).problems()).isEmpty();

    Files.delete(directory.resolve("V2__b.sql"));
    assertThat(survey(ALL).notes()).isEmpty();
  }

  private Survey survey(Selection selection) {
    Placeholders placeholders = new Placeholders(Map.of(), "public", "u", "d", "t");
    History history = new History(rows, Optional.empty(), true);
    return new PendingMigrations(catalogue(), history, placeholders, rules)
        .survey(selection, Concessions.NONE);
  }

  private List<String> scripts(Selection selection) {
    return survey(selection).migrations().stream().map(Migration::script).toList();
  }

  private Catalogue catalogue() {
    return new FlywayCatalogueReader().read(List.of(directory));
  }

  private void applied(String name) {
    Migration migration = catalogue().named(name);
    rows.add(
        new AppliedMigration(
            rows.size() + 1,
            migration.version(),
            migration.description(),
            "SQL",
            migration.script(),
            migration.checksum(),
            "test",
            Instant.EPOCH,
            true));
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
