package io.whimbrel.executor.plan.document;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.whimbrel.event.RunOptions;
import java.util.List;

/** The command that executes a plan: its own request again, and its id. */
record ExecuteBody(MigrationPlan plan) {
  private static final ObjectMapper JSON = new ObjectMapper();

  String json() {
    ObjectNode body = JSON.createObjectNode().put("target", plan.target());
    if (plan.wanted().migration() != null) {
      body.put("migration", plan.wanted().migration());
    }
    if (plan.wanted().upTo() != null) {
      body.put("upTo", plan.wanted().upTo());
    }
    RunOptions options = plan.wanted().options();
    RunOptions usual = RunOptions.DEFAULTS;
    put(body, "validateBefore", options.validateBefore(), usual.validateBefore());
    put(body, "validateAfter", options.validateAfter(), usual.validateAfter());
    put(body, "createBackup", options.createBackup(), usual.createBackup());
    put(body, "rollbackOnFailure", options.rollbackOnFailure(), usual.rollbackOnFailure());
    put(body, "atomic", options.atomic(), usual.atomic());
    put(body, "acceptDataLoss", options.acceptDataLoss(), usual.acceptDataLoss());
    put(body, "repair", options.repair());
    put(body, "ignore", options.ignore());
    put(body, "acceptRisks", options.acceptRisks());
    put(body, "backupScope", options.backupScope(), usual.backupScope());
    put(body, "backupCheck", options.backupCheck(), usual.backupCheck());
    return body.put("planId", plan.planId().toString()).toPrettyString();
  }

  private static void put(ObjectNode body, String name, boolean value, boolean usual) {
    if (value != usual) {
      body.put(name, value);
    }
  }

  private static void put(ObjectNode body, String name, Enum<?> value, Enum<?> usual) {
    if (value != usual) {
      body.put(name, value.name());
    }
  }

  private static void put(ObjectNode body, String name, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(body.putArray(name)::add);
    }
  }
}
