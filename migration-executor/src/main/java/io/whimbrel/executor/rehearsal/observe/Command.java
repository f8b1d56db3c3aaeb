package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What kind of statement it is, for people to read: nothing is decided from it but how to ask. */
final class Command {
  private static final Set<String> WITH_NOUN =
      Set.of("CREATE", "ALTER", "DROP", "REFRESH", "COMMENT", "IMPORT", "SECURITY");

  private static final Set<String> BESIDE_THE_NOUN =
      Set.of(
          "OR",
          "REPLACE",
          "TEMP",
          "TEMPORARY",
          "GLOBAL",
          "LOCAL",
          "UNLOGGED",
          "UNIQUE",
          "RECURSIVE",
          "TRUSTED",
          "PROCEDURAL",
          "CONSTRAINT");

  private static final Set<String> BEFORE_ANOTHER =
      Set.of("MATERIALIZED", "FOREIGN", "EVENT", "TEXT", "DEFAULT", "USER", "ACCESS", "LARGE");

  private static final Set<String> OPAQUE = Set.of("DO", "CALL", "SELECT", "EXECUTE");

  private static final Set<String> GRANTING =
      Set.of("GRANT", "REVOKE", "ALTER DEFAULT PRIVILEGES", "REASSIGN", "DROP OWNED");

  private static final List<String> IN_WITH =
      List.of("INSERT", "UPDATE", "DELETE", "MERGE", "SELECT");

  private Command() {}

  static String of(Statement statement) {
    List<Token> head = statement.head();
    String verb = upper(head.get(0));
    if (verb.equals("WITH")) {
      return IN_WITH.stream().filter(statement::mentions).findFirst().orElse(verb);
    }
    if (!WITH_NOUN.contains(verb)) {
      return verb;
    }
    int noun = 1;
    while (noun < head.size() && BESIDE_THE_NOUN.contains(upper(head.get(noun)))) {
      noun++;
    }
    StringBuilder command = new StringBuilder(verb);
    while (noun < head.size()) {
      String word = upper(head.get(noun++));
      command.append(' ').append(word);
      if (!BEFORE_ANOTHER.contains(word)) {
        break;
      }
    }
    return command.toString();
  }

  /** Whether what it does is in the hands of something that it calls. */
  static boolean opaque(String command) {
    return OPAQUE.contains(command);
  }

  /** Whether it may change privileges of what was there. */
  static boolean mayGrant(String command) {
    return GRANTING.contains(command) || opaque(command);
  }

  /** The name in a COPY with data, as it is written. */
  static String copiedTable(Statement copy) {
    StringBuilder name = new StringBuilder();
    for (Token token : copy.head().subList(1, copy.head().size())) {
      if (token.kind() == Token.Kind.OPEN || token.is("FROM")) {
        break;
      }
      name.append(token.text());
    }
    return name.toString();
  }

  private static String upper(Token token) {
    return token.text().toUpperCase(Locale.ROOT);
  }
}
