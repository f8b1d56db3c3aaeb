package io.whimbrel.event;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract is values only, and asks nothing of its users but annotations. */
class ModuleTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.whimbrel.event");

  @Test
  void onlyAnnotationsOfOthersAreUsed() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "io.whimbrel.event", "com.fasterxml.jackson.annotation", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void everythingIsARecordAnEnumOrNames() {
    classes()
        .that()
        .areNotInterfaces()
        .should()
        .beRecords()
        .orShould()
        .beEnums()
        .orShould()
        .be(Topics.class)
        .orShould()
        .be(RiskRuleName.class)
        .check(CLASSES);
  }

  @Test
  void everyEventHasItsType() {
    assertThat(Arrays.stream(EventType.values()).<Class<?>>map(EventType::payload))
        .containsExactlyInAnyOrder(Event.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @EnumSource(value = EventType.class, mode = EnumSource.Mode.EXCLUDE, names = "COMMAND_AUDITED")
  void aTypeIsFoundByItsTopic(EventType type) {
    assertThat(EventType.ofTopic(type.topic())).contains(type);
    assertThat(EventType.ofTopic(type.topic() + Topics.DEAD_LETTER_SUFFIX)).isEmpty();
  }

  @Test
  void commandsAreAuditedBesideRequests() {
    String audited = EventType.COMMAND_AUDITED.cloudEventType();
    assertThat(EventType.MIGRATION_REQUESTED.sharesTopicWith(audited)).isTrue();
    assertThat(EventType.COMMAND_AUDITED.sharesTopicWith(audited)).isFalse();
    assertThat(EventType.ALERT_RAISED.sharesTopicWith(audited)).isFalse();
    assertThat(EventType.MIGRATION_REQUESTED.sharesTopicWith("io.example.v1")).isFalse();
  }

  @Test
  void aRunHasEndedInTheSixTerminalStates() {
    assertThat(Arrays.stream(RunStateName.values()).filter(RunStateName::terminal))
        .containsExactly(
            RunStateName.COMPLETED,
            RunStateName.REJECTED,
            RunStateName.FAILED,
            RunStateName.CANCELLED,
            RunStateName.ROLLED_BACK,
            RunStateName.ROLLBACK_FAILED);
  }
}
