package io.whimbrel.validation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.whimbrel.validation",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule nothingDependsOnItsEdges =
      noClasses()
          .that()
          .resideOutsideOfPackages("..validation.messaging..", "..validation.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..validation.messaging..", "..validation.api..");

  @ArchTest
  static final ArchRule featuresHaveNoCycles =
      slices().matching("io.whimbrel.validation.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheRepositoriesSeeTheControlDatabase =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.(Claim|Request|Schedule)Repository(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jdbi..", "javax.sql..");

  @ArchTest
  static final ArchRule rulesKnowOnlyATargetsConnection =
      noClasses()
          .that()
          .resideInAPackage("..validation.rule..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta..", "io.quarkus..", "io.whimbrel.target..");
}
