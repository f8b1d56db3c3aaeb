package io.whimbrel.executor.reversal.derive;

import io.whimbrel.executor.schema.StructureObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Grants and revocations that turn one set of privileges into another. */
final class Rights {
  private Rights() {}

  /**
   * @param to what is granted, as a structure writes it
   * @param from what is granted now; null for what a new object has
   */
  static List<String> statements(StructureObject object, @Nullable String from, String to) {
    Set<String> wanted = entries(to);
    Set<String> present = from == null ? fresh(object, to) : entries(from);
    List<String> statements = new ArrayList<>();
    for (String entry : present) {
      if (!wanted.contains(entry)) {
        statements.add(statement(object, entry, false));
      }
    }
    for (String entry : wanted) {
      if (!present.contains(entry)) {
        statements.add(statement(object, entry, true));
      }
    }
    return statements;
  }

  // Everyone may use a new function or type; its owner may do everything with anything.
  private static Set<String> fresh(StructureObject object, String to) {
    Set<String> fresh = new TreeSet<>();
    String owner = object.aspect("owner") + " ";
    entries(to).stream().filter(entry -> entry.startsWith(owner)).forEach(fresh::add);
    if (object.is("FUNCTION", "PROCEDURE", "AGGREGATE")) {
      fresh.add("PUBLIC EXECUTE");
    } else if (object.is("ENUM", "DOMAIN", "RANGE TYPE")) {
      fresh.add("PUBLIC USAGE");
    }
    return fresh;
  }

  private static Set<String> entries(@Nullable String rights) {
    return new TreeSet<>(Lists.split(rights, ";"));
  }

  private static String statement(StructureObject object, String entry, boolean grant) {
    boolean option = entry.endsWith(" *");
    String plain = option ? entry.substring(0, entry.length() - 2) : entry;
    int space = plain.lastIndexOf(' ');
    String privilege = plain.substring(space + 1);
    String grantee = plain.substring(0, space);
    String prefix = "";
    String on = " ON " + target(object);
    if (object.is("DEFAULT PRIVILEGES")) {
      int at = object.name().lastIndexOf(" ON ");
      prefix = "ALTER DEFAULT PRIVILEGES " + object.name().substring(0, at) + " ";
      on = object.name().substring(at);
    } else if (object.is("COLUMN")) {
      on = " (" + object.local() + ") ON " + object.parent();
    }
    return prefix
        + (grant ? "GRANT " : "REVOKE ")
        + privilege
        + on
        + (grant ? " TO " : " FROM ")
        + grantee
        + (grant && option ? " WITH GRANT OPTION" : "");
  }

  private static String target(StructureObject object) {
    return switch (object.kind()) {
      case "SEQUENCE", "SCHEMA", "FUNCTION", "PROCEDURE", "DOMAIN" ->
          object.kind() + " " + object.name();
      case "AGGREGATE" -> "FUNCTION " + object.name();
      case "ENUM", "RANGE TYPE", "COMPOSITE TYPE", "BASE TYPE" -> "TYPE " + object.name();
      default -> object.name();
    };
  }
}
