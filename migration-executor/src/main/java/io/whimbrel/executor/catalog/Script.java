package io.whimbrel.executor.catalog;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A migration ready to run on one target. Its statements are read from where its text is each time
 * that they are asked for; one reading beforehand has found what is to be known of all of them.
 *
 * @param checksum of the text that runs; Flyway records it for a repeatable migration, while for
 *     the other kinds it records the checksum of the file
 * @param count how many statements it has
 * @param standsAlone whether one of them is refused by PostgreSQL inside a transaction
 * @param placeholders what stands for its placeholders
 */
public record Script(
    Migration migration,
    ScriptHeaders headers,
    int checksum,
    int count,
    boolean standsAlone,
    Placeholders placeholders) {

  /** So many are read by several threads. */
  static final int WORTH_THREADS = 100;

  private static final Set<String> TRANSACTION_CONTROL =
      Set.of("BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

  /**
   * Makes a migration ready to run.
   *
   * @throws Refusal naming script, line and remedy, if a placeholder has no value, a header is
   *     malformed, or the script holds a command of psql or begins or ends transactions itself
   */
  public static Script of(Migration migration, Placeholders placeholders) {
    String name = migration.script();
    ScriptHeaders.Parser headers = new ScriptHeaders.Parser(name);
    int count = 0;
    boolean standsAlone = false;
    try (StatementReader statements =
        new StatementReader(name, () -> placeholders.open(migration), headers)) {
      while (statements.hasNext()) {
        Statement statement = statements.next();
        refuseTransactionControl(name, statement);
        standsAlone |= refusesTransaction(statement);
        count = statement.number();
      }
    }
    boolean repeatable = migration.kind() == Migration.Kind.REPEATABLE;
    int checksum = repeatable ? placeholders.checksum(migration) : migration.checksum();
    return new Script(migration, headers.headers(), checksum, count, standsAlone, placeholders);
  }

  /**
   * Makes migrations ready to run, many of them in several threads.
   *
   * @return in the same order
   * @throws Refusal as {@link #of}, for the first that has one
   */
  public static List<Script> all(List<Migration> migrations, Placeholders placeholders) {
    if (migrations.size() < WORTH_THREADS) {
      return migrations.stream().map(migration -> of(migration, placeholders)).toList();
    }
    List<Supplier<Script>> ready =
        migrations.parallelStream().map(migration -> tried(migration, placeholders)).toList();
    return ready.stream().map(Supplier::get).toList();
  }

  private static Supplier<Script> tried(Migration migration, Placeholders placeholders) {
    try {
      Script script = of(migration, placeholders);
      return () -> script;
    } catch (Refusal e) {
      return () -> {
        throw e;
      };
    }
  }

  /** Its statements, from the first; to be closed. */
  public StatementReader statements() {
    return new StatementReader(migration.script(), () -> placeholders.open(migration));
  }

  /** Whether one of its statements is such. */
  public boolean any(Predicate<Statement> such) {
    try (StatementReader statements = statements()) {
      while (statements.hasNext()) {
        if (such.test(statements.next())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Its first statement; there has to be one. */
  public Statement first() {
    try (StatementReader statements = statements()) {
      return statements.next();
    }
  }

  /** Whether the whole script can run in one transaction with its history row. */
  public boolean transactional() {
    return migration.config().executeInTransaction() && !standsAlone;
  }

  private static void refuseTransactionControl(String script, Statement statement) {
    if (TRANSACTION_CONTROL.contains(statement.head().get(0).upper())
        || statement.begins("START", "TRANSACTION")
        || statement.begins("PREPARE", "TRANSACTION")) {
      throw new Refusal(
          script
              + " line "
              + statement.line()
              + ": a script may not begin or end a transaction, because it runs in one with its"
              + " history row; remove the statement");
    }
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
            && (s.head().stream().anyMatch(t -> t.is("CONCURRENTLY"))
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
        || (s.begins("CLUSTER") && s.head().size() == 1);
  }
}
