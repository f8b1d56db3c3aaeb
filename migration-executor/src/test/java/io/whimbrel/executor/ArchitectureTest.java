package io.whimbrel.executor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.whimbrel.executor.apply.TargetSession;
import java.sql.Connection;

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
              ".*\\.(RunRepository|RunMigrations|RunQueries|RunWishes|ScriptTexts|PlanRepository|"
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
          .orShould()
          .callMethod(TargetSession.class, "commit")
          .because("a test lets the process die before and after each of them");
}
