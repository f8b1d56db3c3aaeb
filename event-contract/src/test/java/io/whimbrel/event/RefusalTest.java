package io.whimbrel.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a schema refuses: the least valid example of its type, with one thing changed. */
class RefusalTest {
  @ParameterizedTest
  @EnumSource(EventType.class)
  void aMissingRequiredFieldIsRefused(EventType type) {
    Contract.schemaDocument(type)
        .get("required")
        .forEach(
            field -> {
              ObjectNode event = minimal(type);
              event.remove(field.asText());
              assertThat(Contract.faults(type, event)).as(field.asText()).isNotEmpty();
            });
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void nullOrAnotherJsonTypeIsRefusedInEveryField(EventType type) {
    Contract.schemaDocument(type)
        .get("properties")
        .fieldNames()
        .forEachRemaining(
            field -> {
              ObjectNode event = minimal(type);
              event.putNull(field);
              assertThat(Contract.faults(type, event)).as("%s null", field).isNotEmpty();
              event.putArray(field).addArray();
              assertThat(Contract.faults(type, event)).as("%s array", field).isNotEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"text\"", "1", "true", "{}"})
  void aPayloadThatIsNoEventIsRefused(String payload) throws IOException {
    JsonNode node = Contract.JSON.readTree(payload);
    for (EventType type : EventType.values()) {
      assertThat(Contract.faults(type, node)).as(type.name()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not a uuid                     | {'runId': '0b9ad1f4'}",
        "uuid and more                  | {'runId': '0b9ad1f4-6f3e-4f0c-9c64-3a1d5a1f0001\\n'}",
        "unknown operation              | {'operation': 'DROP'}",
        "operation in lower case        | {'operation': 'execute'}",
        "target in upper case           | {'target': 'Orders'}",
        "target with a blank            | {'target': 'orders '}",
        "target and a line break        | {'target': 'orders\\n'}",
        "target that is a path          | {'target': '../orders'}",
        "target that begins with a dash | {'target': '-orders'}",
        "empty target                   | {'target': ''}",
        "empty migration                | {'migration': ''}",
        "control character in migration | {'migration': 'a\\u0000b'}",
        "line break in requestedBy      | {'requestedBy': 'a\\nrole: admin'}",
        "line break at the end of one   | {'requestedBy': 'admin\\n'}",
        "escape in reason               | {'reason': '\\u001b[2J'}",
        "time without a date            | {'requestedAt': '09:30:00Z'}",
        "time without an offset         | {'requestedAt': '2026-11-01T09:30:00'}",
        "day that does not exist        | {'requestedAt': '2026-02-30T09:30:00Z'}",
        "option as text                 | {'options': {'createBackup': 'false'}}",
        "option as a number             | {'options': {'createBackup': 0}}",
        "option as a list of numbers    | {'options': {'repair': [1]}}",
        "backup of what is not known    | {'options': {'backupScope': 'SCHEMA'}}",
        "backup check in lower case     | {'options': {'backupCheck': 'restore'}}",
        "option as one name             | {'options': {'ignore': '1'}}",
        "line break in a name           | {'options': {'repair': ['a\\nb']}}",
        "plan that is no uuid           | {'planId': 'latest'}",
        "rollback with a plan           | {'operation': 'ROLLBACK', 'downTo': '1', 'planId':"
            + " '5d0c7a52-6a0e-4f5b-8a43-9f7d1e2b0001'}",
        "rollback that accepts risks    | {'operation': 'ROLLBACK', 'downTo': '1', 'options':"
            + " {'acceptRisks': ['drop-column']}}",
        "rollback with repair           | {'operation': 'ROLLBACK', 'downTo': '1', 'options':"
            + " {'repair': ['1']}}",
        "migration and upTo             | {'migration': '1', 'upTo': '2'}",
        "execute with downTo            | {'downTo': '1'}",
        "execute with strategy          | {'strategy': 'UNDO'}",
        "execute with rollbackOf        | {'rollbackOf': '0b9ad1f4-6f3e-4f0c-9c64-3a1d5a1f0002'}",
        "validate with downTo           | {'operation': 'VALIDATE', 'downTo': '1'}",
        "rollback of nothing            | {'operation': 'ROLLBACK'}",
        "rollback with upTo             | {'operation': 'ROLLBACK', 'downTo': '1', 'upTo': '2'}",
        "rollback of two things         | {'operation': 'ROLLBACK', 'downTo': '1', 'migration':"
            + " '2'}",
        "rollback with unknown strategy | {'operation': 'ROLLBACK', 'downTo': '1', 'strategy':"
            + " 'X'}",
      })
  void aWrongRequestIsRefused(String what, String change) throws IOException {
    assertRefused(EventType.MIGRATION_REQUESTED, what, change);
  }

  @ParameterizedTest
  @CsvSource({"target, 64", "migration, 256", "upTo, 256", "requestedBy, 256", "reason, 1001"})
  void aTextOverItsBoundIsRefusedAndOneAtItIsNot(String field, int tooLong) {
    ObjectNode request = minimal(EventType.MIGRATION_REQUESTED);

    request.put(field, "a".repeat(tooLong - 1));
    assertThat(Contract.faults(EventType.MIGRATION_REQUESTED, request)).isEmpty();
    request.put(field, "a".repeat(tooLong));
    assertThat(Contract.faults(EventType.MIGRATION_REQUESTED, request)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "unknown severity in counts  | {'counts': {'FATAL': 1}}",
        "negative count              | {'counts': {'ERROR': -1}}",
        "count with a fraction       | {'counts': {'ERROR': 1.5}}",
        "duration nobody can hold    | {'durationMs': 9223372036854775808}",
        "valid although it was blind | {'error': 'The target did not answer'}",
        "unknown phase               | {'phase': 'DURING'}",
        "finding without a rule      | {'findings': [{'severity': 'ERROR', 'rows': 1, 'message':"
            + " 'm'}]}",
      })
  void aWrongOutcomeIsRefused(String what, String change) throws IOException {
    assertRefused(EventType.VALIDATION_COMPLETED, what, change);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sequence from zero             | {'sequence': 0}",
        "sequence as text               | {'sequence': '1'}",
        "unknown state                  | {'state': 'RUNNING'}",
        "more than all                  | {'percent': 100.1}",
        "less than nothing              | {'percent': -1}",
        "not a number                   | {'percent': 'NaN'}",
        "statement nobody can hold      | {'statement': 2147483648}",
        "table as text                  | {'touched': ['public.orders']}",
        "table without a schema         | {'touched': [{'name': 'orders'}]}",
        "change without columns         | {'plannedChanges': [{'kind': 'NOT_NULL', 'table':"
            + " {'schema': 's', 'name': 't'}, 'columns': []}]}",
        "change by an expression        | {'plannedChanges': [{'kind': 'CHECK', 'table':"
            + " {'schema': 's', 'name': 't'}, 'columns': ['c']}]}",
        "foreign key to nowhere         | {'plannedChanges': [{'kind': 'FOREIGN_KEY', 'table':"
            + " {'schema': 's', 'name': 't'}, 'columns': ['c']}]}",
        "change of type to no type      | {'plannedChanges': [{'kind': 'TYPE', 'table':"
            + " {'schema': 's', 'name': 't'}, 'columns': ['c']}]}",
        "error without a message        | {'error': {'sqlState': '55P03'}}",
        "SQLSTATE of four               | {'error': {'message': 'm', 'sqlState': '55P0'}}",
        "step in a sentence             | {'step': 'waiting for validation'}",
        "awaited without a phase        | {'state': 'VALIDATING', 'step': 'AWAITING_VALIDATION',"
            + " 'touched': []}",
        "awaited without tables         | {'state': 'VALIDATING', 'step': 'AWAITING_VALIDATION',"
            + " 'phase': 'BEFORE'}",
        "awaited in another state       | {'state': 'APPLYING', 'step': 'AWAITING_VALIDATION',"
            + " 'phase': 'BEFORE', 'touched': []}",
      })
  void wrongProgressIsRefused(String what, String change) throws IOException {
    assertRefused(EventType.MIGRATION_PROGRESS, what, change);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kind in a sentence    | {'kind': 'run failed'}",
        "unknown status        | {'status': 'NEW'}",
        "unknown severity      | {'severity': 'LOW'}",
        "title of two lines    | {'title': 'a\\nb'}",
        "empty cause           | {'deduplicationKey': ''}",
        "time that is a number | {'at': 1793525400}",
      })
  void aWrongAlertIsRefused(String what, String change) throws IOException {
    assertRefused(EventType.ALERT_RAISED, what, change);
  }

  private static void assertRefused(EventType type, String what, String change) throws IOException {
    ObjectNode event = minimal(type);
    event.setAll((ObjectNode) Contract.JSON.readTree(change.replace('\'', '"')));

    assertThat(Contract.faults(type, event)).as(what).isNotEmpty();
  }

  private static ObjectNode minimal(EventType type) {
    return Contract.examples(type).stream()
        .filter(file -> file.getFileName().toString().endsWith(".minimal.json"))
        .findFirst()
        .map(file -> (ObjectNode) Contract.json(file))
        .orElseThrow();
  }
}
