package io.whimbrel.executor.catalog;

import java.util.List;
import java.util.Set;

/**
 * A migration ready to run on one target: placeholders replaced, cut into statements.
 *
 * @param checksum of the text that runs; Flyway records it for a repeatable migration, while for
 *     the other kinds it records the checksum of the file
 */
public record Script(
    Migration migration, ScriptHeaders headers, List<Statement> statements, int checksum) {

  private static final Set<String> TRANSACTION_CONTROL =
      Set.of("BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

  public Script {
    statements = List.copyOf(statements);
  }

  /**
   * Makes a migration ready to run.
   *
   * @throws Refusal naming script, line and remedy, if a placeholder has no value, a header is
   *     malformed, or the script holds a command of psql or begins or ends transactions itself
   */
  public static Script of(Migration migration, Placeholders placeholders) {
    String text = placeholders.replaceIn(migration);
    List<Statement> statements = new StatementSplitter(migration.script(), text).split();
    for (Statement statement : statements) {
      if (controlsTransaction(statement)) {
        throw new Refusal(
            migration.script()
                + " line "
                + statement.line()
                + ": a script may not begin or end a transaction, because it runs in one with its"
                + " history row; remove the statement");
      }
    }
    ScriptHeaders headers = ScriptHeaders.parse(migration.script(), text);
    boolean repeatable = migration.kind() == Migration.Kind.REPEATABLE;
    int checksum = repeatable ? Checksum.of(text) : migration.checksum();
    return new Script(migration, headers, statements, checksum);
  }

  /** Whether the whole script can run in one transaction with its history row. */
  public boolean transactional() {
    return migration.config().executeInTransaction()
        && statements.stream().noneMatch(Script::refusesTransaction);
  }

  private static boolean controlsTransaction(Statement statement) {
    Token first = statement.tokens().get(0);
    return TRANSACTION_CONTROL.contains(first.upper())
        || statement.begins("START", "TRANSACTION")
        || statement.begins("PREPARE", "TRANSACTION");
  }

  /**
   * Whether PostgreSQL refuses the statement inside a transaction. What this does not know fails by
   * itself, with SQLSTATE 25001, and leaves nothing behind.
   */
  public static boolean refusesTransaction(Statement s) {
    return (s.mentions("CONCURRENTLY")
            && (s.begins("CREATE") || s.begins("DROP", "INDEX") || s.begins("ALTER", "TABLE")))
        || s.begins("VACUUM")
        || (s.begins("REINDEX")
            && (s.tokens().stream().anyMatch(t -> t.is("CONCURRENTLY"))
                || s.mentions("SCHEMA")
                || s.mentions("DATABASE")
                || s.mentions("SYSTEM")))
        || s.begins("CREATE", "DATABASE")
        || s.begins("DROP", "DATABASE")
        || s.begins("CREATE", "TABLESPACE")
        || s.begins("DROP", "TABLESPACE")
        || s.begins("CREATE", "SUBSCRIPTION")
        || s.begins("DROP", "SUBSCRIPTION")
        || s.begins("ALTER", "SYSTEM")
        || (s.begins("CLUSTER") && s.tokens().size() == 1);
  }
}
