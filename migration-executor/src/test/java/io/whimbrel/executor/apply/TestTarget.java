package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Project;
import io.whimbrel.target.Target;
import io.whimbrel.target.Throttle;
import io.whimbrel.target.Timeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** A fresh database of the role {@code migrator}, with a catalogue that tests write into. */
public final class TestTarget {

  private static final AtomicLong NUMBER = new AtomicLong();
  private static final AtomicLong TOKEN = new AtomicLong();

  private final Path directory;
  private final String database;
  private Target target;

  public TestTarget(Path directory) {
    this(directory, "target_" + NUMBER.incrementAndGet(), TestTarget::created);
  }

  /** A target that another process has made. */
  static TestTarget at(String url, Path directory) {
    return new TestTarget(directory, url.substring(url.lastIndexOf('/') + 1), database -> url);
  }

  private static String created(String database) {
    return EmbeddedPostgres.shared().createDatabase(database, "migrator", "secret");
  }

  private TestTarget(Path directory, String database, UnaryOperator<String> url) {
    this.directory = directory;
    this.database = database;
    Login login = Login.of("migrator");
    Policy policy = policy(Duration.ofMillis(400), Duration.ofSeconds(3), Duration.ZERO);
    target =
        new Target(
            "orders",
            url.apply(database),
            List.of(directory),
            "flyway",
            login,
            login,
            List.of("public"),
            Map.of("env", "test"),
            false,
            "1",
            false,
            policy);
  }

  public Target target() {
    return target;
  }

  public TestTarget catalog(List<Path> catalog) {
    target = copy(catalog, target.schemas(), target.baselineOnMigrate(), target.policy());
    return this;
  }

  public TestTarget schemas(String... schemas) {
    target = copy(target.catalog(), List.of(schemas), target.baselineOnMigrate(), target.policy());
    return this;
  }

  public TestTarget adopted() {
    target = copy(target.catalog(), target.schemas(), true, target.policy());
    return this;
  }

  private static Policy policy(Duration lock, Duration budget, Duration statement) {
    return new Policy(
        false,
        "none",
        new Timeouts(lock, budget, statement, Timeouts.DEFAULT.idle()),
        Throttle.DEFAULT);
  }

  public TestTarget timeouts(Duration lock, Duration statement) {
    Policy policy = policy(lock, Duration.ofSeconds(3), statement);
    target = copy(target.catalog(), target.schemas(), target.baselineOnMigrate(), policy);
    return this;
  }

  /** Reaches the server by another port. */
  public void port(int port) {
    String url = target.url().replaceFirst("localhost:\\d+", "localhost:" + port);
    target = target.at(url);
  }

  public TestTarget outOfOrder() {
    target =
        copy(target.catalog(), target.schemas(), target.baselineOnMigrate(), target.policy(), true);
    return this;
  }

  /** Gives it a further placeholder. */
  public TestTarget placeholder(String name, String value) {
    Map<String, String> placeholders = new HashMap<>(target.placeholders());
    placeholders.put(name, value);
    target =
        copy(
            target.catalog(),
            target.schemas(),
            placeholders,
            target.baselineOnMigrate(),
            target.policy(),
            target.outOfOrder());
    return this;
  }

  public TestTarget project(Project project) {
    target = target.with(project);
    return this;
  }

  private Target copy(List<Path> catalog, List<String> schemas, boolean adopt, Policy policy) {
    return copy(catalog, schemas, adopt, policy, target.outOfOrder());
  }

  private Target copy(
      List<Path> catalog, List<String> schemas, boolean adopt, Policy policy, boolean outOfOrder) {
    return copy(catalog, schemas, target.placeholders(), adopt, policy, outOfOrder);
  }

  private Target copy(
      List<Path> catalog,
      List<String> schemas,
      Map<String, String> placeholders,
      boolean adopt,
      Policy policy,
      boolean outOfOrder) {
    return new Target(
        "orders",
        target.url(),
        catalog,
        "flyway",
        target.executor(),
        target.validator(),
        schemas,
        placeholders,
        adopt,
        "1",
        outOfOrder,
        target.project(),
        policy,
        target.rehearsal(),
        target.validation());
  }

  /** Writes a file of the catalogue. */
  public TestTarget file(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  public Catalogue catalogue() {
    return new FlywayCatalogueReader().read(target.catalog());
  }

  public Placeholders placeholders() {
    return new Placeholders(
        target.placeholders(), target.defaultSchema(), "migrator", database, "2026-01-01 00:00:00");
  }

  public Script script(String name) {
    return Script.of(catalogue().named(name), placeholders());
  }

  /** A session with a greater token than any before. */
  public TargetSession session() throws Exception {
    return session(TOKEN.incrementAndGet());
  }

  public static long nextToken() {
    return TOKEN.incrementAndGet();
  }

  public TargetSession session(long token) throws Exception {
    return TargetSession.open(target, "run-" + token, token, Duration.ofSeconds(5));
  }

  /** Applies one migration in a session of its own. */
  public ApplyResult apply(String name) throws Exception {
    return apply(script(name), ApplyListener.SILENT, InTransaction.NOTHING);
  }

  public ApplyResult apply(Script script, ApplyListener listener, InTransaction hooks)
      throws Exception {
    try (TargetSession session = session()) {
      return runner(session, listener, new CancelSignal()).apply(script, hooks);
    }
  }

  /** A runner whose target has its history. */
  public static ScriptRunner runner(
      TargetSession session, ApplyListener listener, CancelSignal cancel) throws Exception {
    ScriptRunner runner = new ScriptRunner(session, ApplySettings.DEFAULT, listener, cancel);
    runner.prepareHistory();
    return runner;
  }

  /** A runner with the catalogue's callbacks. */
  ScriptRunner runner(TargetSession session) {
    Map<Moment, List<Script>> callbacks = new EnumMap<>(Moment.class);
    catalogue()
        .callbacks()
        .forEach(
            (moment, those) ->
                callbacks.put(
                    moment,
                    those.stream()
                        .map(migration -> Script.of(migration, placeholders()))
                        .toList()));
    return new ScriptRunner(
        session,
        ApplySettings.DEFAULT,
        ApplyListener.SILENT,
        new CancelSignal(),
        new Callbacks(callbacks));
  }

  public Flyway flyway() {
    return Flyway.configure()
        .dataSource(target.url(), "migrator", "secret")
        .locations(
            target.catalog().stream().map(path -> "filesystem:" + path).toArray(String[]::new))
        .schemas(target.schemas().toArray(String[]::new))
        .placeholders(target.placeholders())
        .baselineOnMigrate(target.baselineOnMigrate())
        .outOfOrder(target.outOfOrder())
        .placeholderPrefix(target.project().placeholderPrefix())
        .placeholderSuffix(target.project().placeholderSuffix())
        .placeholderSeparator(target.project().placeholderSeparator())
        .placeholderReplacement(target.project().placeholderReplacement())
        .workingDirectory(target.project().workingDirectory())
        .ignoreMigrationPatterns(target.project().ignoreMigrationPatterns().toArray(String[]::new))
        .load();
  }

  /** Another application's connection. */
  public Connection stranger(String application) throws SQLException {
    return DriverManager.getConnection(
        target.url() + "?user=migrator&ApplicationName=" + application);
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = stranger("test")) {
      Sql.execute(connection, sql);
    }
  }

  public void asSuperuser(String sql) {
    EmbeddedPostgres.shared().execute(database, sql);
  }

  /** The first column of the first row. */
  public @Nullable String value(String sql) throws SQLException {
    try (Connection connection = stranger("test");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
