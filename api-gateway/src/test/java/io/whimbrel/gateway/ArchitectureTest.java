package io.whimbrel.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Path;

@AnalyzeClasses(
    packages = "io.whimbrel.gateway",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule featuresFormNoCycle =
      slices().matching("io.whimbrel.gateway.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nothingDependsOnCommands =
      noClasses()
          .that()
          .resideOutsideOfPackage("..command..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..command..");

  @ArchTest
  static final ArchRule theGatewayHasNoDatabase =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "io.agroal..", "jakarta.transaction..");

  @ArchTest
  static final ArchRule onlyTheProducerWritesToKafka =
      noClasses()
          .that()
          .haveSimpleNameNotStartingWith("Request")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.clients.producer..");

  @ArchTest
  static final ArchRule everyResourceNamesItsRole =
      classes().that().areAnnotatedWith(Path.class).should().beAnnotatedWith(RolesAllowed.class);

  @ArchTest
  static final ArchRule onlyHealthIsOpen =
      methods().that().areAnnotatedWith(PermitAll.class).should().haveName("health");
}
