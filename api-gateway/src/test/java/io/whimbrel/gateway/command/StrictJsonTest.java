package io.whimbrel.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.event.RunOptions;
import io.whimbrel.gateway.body.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  @Test
  void whatIsLeftOutTakesItsDefault() {
    MigrationRequested request =
        request(StrictJson.read("{\"target\": \"orders\"}", MigrateCommand.class));

    assertThat(request.options()).isEqualTo(RunOptions.DEFAULTS);
    assertThat(request.migration()).isNull();
    assertThat(request.upTo()).isNull();
  }

  @Test
  void everyFieldOfAMigrationIsTakenOver() {
    MigrateCommand command =
        StrictJson.read(
"""
{"target": "orders", "migration": "AddUserTable", "validateBefore": false,
 "createBackup": false, "monitorProgress": false, "rollbackOnFailure": false,
 "validateAfter": false, "atomic": true, "planId": "11111111-1111-4111-8111-111111111111", "acceptRisks": ["column-dropped"], "reason": "because",
 "acceptDataLoss": true, "repair": ["1.2", "AddUserTable"], "ignore": ["V3__c.sql"],
 "backupScope": "DATABASE", "backupCheck": "RESTORE"}
""",
            MigrateCommand.class);

    MigrationRequested request = request(command);
    assertThat(request.target()).isEqualTo("orders");
    assertThat(request.migration()).isEqualTo("AddUserTable");
    assertThat(request.reason()).isEqualTo("because");
    assertThat(request.options())
        .isEqualTo(
            new RunOptions(
                false,
                false,
                false,
                false,
                false,
                true,
                true,
                List.of("1.2", "AddUserTable"),
                List.of("V3__c.sql"),
                List.of("column-dropped"),
                BackupScope.DATABASE,
                BackupCheck.RESTORE));
    assertThat(request.planId()).hasToString("11111111-1111-4111-8111-111111111111");
  }

  @Test
  void everyFieldOfARollbackIsTakenOver() {
    UUID run = UUID.randomUUID();
    RollbackCommand command =
        StrictJson.read(
            "{\"target\":\"orders\",\"runId\":\"%s\",\"strategy\":\"undo\"}".formatted(run),
            RollbackCommand.class);

    MigrationRequested request = request(command);
    assertThat(request.rollbackOf()).isEqualTo(run);
    assertThat(request.runId()).isNotEqualTo(run);
    assertThat(request.strategy()).isEqualTo(RollbackStrategy.UNDO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"SECRET\"",
        "17",
        "{",
        "{\"target\": \"orders\"} {}",
        "{\"target\": \"orders\"} SECRET",
        "{\"target\": \"orders\", \"SECRET\": 1}",
        "{\"target\": \"orders\", \"target\": \"SECRET\"}",
        "{\"target\": \"orders\", \"SECRET\": {\"a\": {\"b\": {\"c\": {\"d\": {}}}}}}",
        "{\"target\": \"orders\",}",
        "{'target': 'SECRET'}",
        "{\"target\": \"orders\" /* SECRET */}",
        "{\"target\": \"orders\", \"atomic\": NaN}",
      })
  void whatIsNoCommandIsRefusedWithoutRepeatingIt(String json) {
    HttpProblem problem = refusal(json, MigrateCommand.class);

    assertThat(problem.getStatusCode()).isEqualTo(400);
    assertThat(problem.getDetail()).isNotBlank().doesNotContain("SECRET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          target         | {}
          target         | {"target": null}
          target         | {"target": 17}
          target         | {"target": true}
          target         | {"target": ["orders"]}
          target         | {"target": "ORDERS"}
          target         | {"target": "orders;"}
          target         | {"target": "-orders"}
          target         | {"target": ""}
          atomic         | {"target": "orders", "atomic": "true"}
          atomic         | {"target": "orders", "atomic": 1}
          atomic         | {"target": "orders", "atomic": ""}
          atomic         | {"target": "orders", "atomic": {}}
          migration      | {"target": "orders", "migration": 12}
          migration      | {"target": "orders", "migration": 1.5}
          migration      | {"target": "orders", "migration": ""}
          migration      | {"target": "orders", "migration": "../secret"}
          migration      | {"target": "orders", "migration": "a\\u0000b"}
          upTo           | {"target": "orders", "migration": "a", "upTo": "2"}
          upTo           | {"target": "orders", "upTo": "  "}
          planId         | {"target": "orders", "planId": "x"}
          repair         | {"target": "orders", "repair": "1"}
          repair         | {"target": "orders", "repair": [1]}
          repair         | {"target": "orders", "repair": [null]}
          repair         | {"target": "orders", "repair": ["a/b"]}
          ignore         | {"target": "orders", "ignore": [["1"]]}
          ignore         | {"target": "orders", "ignore": ["  "]}
          reason         | {"target": "orders", "reason": "a\\nb"}
          acceptDataLoss | {"target": "orders", "acceptDataLoss": "yes"}
          acceptRisks    | {"target": "orders", "acceptRisks": ["drop-column"]}
          """)
  void aWrongFieldIsNamed(String field, String json) {
    HttpProblem problem = refusal(json, MigrateCommand.class);

    assertThat(problem.getStatusCode()).isEqualTo(400);
    assertThat(problem.getParameters()).containsEntry("field", field);
    assertThat(problem.getDetail()).contains(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"migration\": \"a\", \"downTo\": \"1\"",
        ", \"migration\": \"a\", \"runId\": \"11111111-1111-4111-8111-111111111111\"",
        ", \"runId\": \"SECRET\"",
        ", \"migration\": \"a\", \"strategy\": \"SECRET\"",
        ", \"migration\": \"a\", \"strategy\": 1",
        ", \"migration\": \"a\", \"atomic\": true",
      })
  void aRollbackNamesOneThingInOneWay(String rest) {
    HttpProblem problem = refusal("{\"target\": \"orders\"" + rest + "}", RollbackCommand.class);

    assertThat(problem.getStatusCode()).isEqualTo(400);
    assertThat(problem.getDetail()).doesNotContain("SECRET");
  }

  private static HttpProblem refusal(String json, Class<? extends Command> as) {
    HttpProblem problem = catchThrowableOfType(HttpProblem.class, () -> StrictJson.read(json, as));
    assertThat(problem).as(json).isNotNull();
    return problem;
  }

  private static MigrationRequested request(Command command) {
    return command.request(Operation.EXECUTE, UUID.randomUUID(), "someone", Instant.EPOCH);
  }
}
