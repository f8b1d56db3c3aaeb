package io.whimbrel.monitoring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.whimbrel.monitoring",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule nothingDependsOnTheEdges =
      noClasses()
          .that()
          .resideOutsideOfPackages("..monitoring.api..", "..monitoring.messaging..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..monitoring.api..", "..monitoring.messaging..");

  @ArchTest
  static final ArchRule theEdgesDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("..monitoring.api..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..monitoring.messaging..");

  @ArchTest
  static final ArchRule onlyRepositoriesTalkToTheDatabase =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Repository")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.jdbi.v3.core.Jdbi")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("javax.sql..");

  @ArchTest
  static final ArchRule featuresHaveNoCycles =
      slices().matching("io.whimbrel.monitoring.(*)..").should().beFreeOfCycles();
}
