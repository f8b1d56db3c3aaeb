package io.whimbrel.executor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.whimbrel.executor.run.Durable;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.util.Collection;
import java.util.Optional;

@AnalyzeClasses(
    packages = "io.whimbrel.executor",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule nothingDependsOnItsEdges =
      noClasses()
          .that()
          .resideOutsideOfPackages("..executor.messaging..", "..executor.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..executor.messaging..", "..executor.api..");

  @ArchTest
  static final ArchRule featuresHaveNoCycles =
      slices().matching("io.whimbrel.executor.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyRepositoriesSeeTheControlDatabase =
      noClasses()
          .that()
          .haveNameNotMatching(
              ".*\\.(RunRepository|RunMigrations|CommitIntents|RunQueries|RunFigures|RunTotals|RunWishes|ScriptTexts|PlanRepository|"
                  + "Calibrations|Predictions|BackupRecords|RollbackQueries|CommandKeys)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jdbi..");

  @ArchTest
  static final ArchRule theEngineKnowsNothingOfRuns =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..executor.catalog..",
              "..executor.apply..",
              "..executor.plan..",
              "..executor.rehearsal..",
              "..executor.impact..",
              "..executor.schema..",
              "..executor.backup..",
              "..executor.rollback..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..executor.run..", "..executor.step..", "jakarta..", "io.quarkus..");

  @ArchTest
  static final ArchRule theEngineCommitsAtNamedPointsOnly =
      noClasses()
          .that()
          .resideInAPackage("..executor.apply..")
          .and()
          .haveSimpleNameNotEndingWith("TargetSession")
          .and()
          .haveSimpleNameNotEndingWith("Fence")
          .should()
          .callMethod(Connection.class, "commit")
          .because("a test lets the process die before and after each of them");

  @ArchTest
  static final ArchRule stepsWriteAtNamedPointsOnly =
      methods()
          .that()
          .areAnnotatedWith(Transactional.class)
          .and()
          .areDeclaredInClassesThat(
              resideInAPackage("..executor.step..")
                  .or(
                      nameMatching(
                          ".*\\.run\\.(RunLifecycle|RunMigrations|CommitIntents|RunWishes|Pausing|Cancellation)")))
          .and()
          .doNotHaveRawReturnType(assignableTo(Collection.class))
          .and()
          .doNotHaveRawReturnType(Optional.class)
          // Before COMMIT, where the engine has a point for it; and in the transaction of a
          // message.
          .and()
          .haveNameNotMatching("aboutToCommit|allAboutToCommit|request")
          .should()
          .beAnnotatedWith(Durable.class)
          .because("a test lets the process die before and after each of them");
}
