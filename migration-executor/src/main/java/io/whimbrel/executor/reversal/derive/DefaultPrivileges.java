package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.stream.Collectors;

/** What default privileges are where nothing is said of them. */
final class DefaultPrivileges {
  private DefaultPrivileges() {}

  /** Without an entry of its own, a role's new objects are its own to use. */
  static String without(StructureObject o) {
    if (o.name().contains(" IN SCHEMA ")) {
      return "";
    }
    String role = o.name().substring("FOR ROLE ".length(), o.name().lastIndexOf(" ON "));
    String own =
        Lists.split(o.aspect("rights"), ";").stream()
            .filter(entry -> entry.startsWith(role + " "))
            .collect(Collectors.joining(";"));
    String everyone =
        o.name().endsWith(" ON FUNCTIONS")
            ? ";PUBLIC EXECUTE"
            : o.name().endsWith(" ON TYPES") ? ";PUBLIC USAGE" : "";
    return own + everyone;
  }
}
