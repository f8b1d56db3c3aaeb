package io.whimbrel.validation.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import io.whimbrel.event.TableName;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.report.Status;
import io.whimbrel.validation.rule.Category;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.RuleDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsIT {
  private static final String DATABASE = "validation_plugins";
  private static final Duration LONGEST = Duration.ofSeconds(20);

  @TempDir Path jars;

  private final EmbeddedPostgres server = EmbeddedPostgres.shared();

  @BeforeEach
  void create() {
    server.createDatabase(DATABASE);
  }

  @AfterEach
  void drop() {
    server.dropDatabase(DATABASE);
  }

  @Test
  void theExampleFindsWhatItNames() throws Exception {
    PluginJar.build(jars.resolve("iban.jar"), PluginJar.example());
    Plugin example = Plugins.of(jars).loaded().get(0);
    assertThat(example.description().category()).isEqualTo(Category.CUSTOM);
    server.execute(DATABASE, example.description().bad().sql());
    RuleResult bad = look(example);
    assertThat(bad.status()).isEqualTo(Status.FAILED);
    Finding finding = bad.findings().get(0);
    assertThat(finding.rows()).isEqualTo(1);
    assertThat(finding.subject()).isEqualTo("iban");
    assertThat(finding.keys()).containsExactly(Map.of("id", "1"));

    server.execute(DATABASE, "drop table account");
    server.execute(DATABASE, example.description().good().sql());
    assertThat(look(example).status()).isEqualTo(Status.PASSED);
  }

  @Test
  void whatCannotBeLoadedIsNamedAndHarmsNoOther() throws IOException {
    Files.writeString(jars.resolve("a-no-jar.jar"), "this is text");
    PluginJar.build(jars.resolve("b-first.jar"), source("First", "mine", "return List.of();"));
    PluginJar.build(jars.resolve("c-same.jar"), source("Same", "mine", "return List.of();"));
    PluginJar.build(
        jars.resolve("d-builtin.jar"), source("Builtin", "fk_integrity", "return List.of();"));
    PluginJar.build(
        jars.resolve("e-old.jar"),
        source("Old", "old", "return List.of();").replace("return VERSION", "return 0"));
    PluginJar.build(
        jars.resolve("f-throws.jar"),
        source("Throws", "throws", "return List.of();")
            .replace(
                "public int version",
                "{ if (true) throw new RuntimeException(\"no\"); } public int version"));
    PluginJar.build(jars.resolve("g-shouts.jar"), source("Shouts", "No Id", "return List.of();"));
    Files.writeString(jars.resolve("readme.txt"), "not a jar");

    Plugins plugins = Plugins.of(jars);
    assertThat(plugins.loaded()).extracting(Plugin::id).containsExactly("mine");
    assertThat(plugins.faults())
        .extracting(Plugins.Fault::jar)
        .containsExactly(
            "a-no-jar.jar",
            "c-same.jar",
            "d-builtin.jar",
            "e-old.jar",
            "f-throws.jar",
            "g-shouts.jar");
    assertThat(reason(plugins, "c-same.jar")).contains("another rule has the id mine");
    assertThat(reason(plugins, "d-builtin.jar")).contains("fk_integrity");
    assertThat(reason(plugins, "e-old.jar")).contains("version 0").contains("version 1");
    assertThat(reason(plugins, "f-throws.jar")).contains("RuntimeException");
    assertThat(reason(plugins, "g-shouts.jar")).contains("a-z");
    assertThat(plugins.catalogue())
        .extracting(RuleDescription::id)
        .contains("fk_integrity", "mine")
        .doesNotHaveDuplicates();
  }

  @Test
  void aDirectoryThatIsNotThereIsAFault() {
    assertThat(Plugins.of(jars.resolve("nowhere")).faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.reason()).contains("WHIMBREL_VALIDATION_PLUGINS"));
  }

  @Test
  void eachJarHasItsOwnClassesAndNoneOfTheService() throws Exception {
    String shared =
        "try { Class.forName(\"io.whimbrel.validation.rule.Rules\"); return null; }"
            + " catch (ClassNotFoundException e) { return List.of(); }";
    PluginJar.build(jars.resolve("one.jar"), source("Twin", "one", shared));
    PluginJar.build(jars.resolve("two.jar"), source("Twin", "two", "return List.of();"));
    List<Plugin> twins = Plugins.of(jars).loaded();
    assertThat(twins).hasSize(2);
    assertThat(twins.get(0).code().getClass().getName())
        .isEqualTo(twins.get(1).code().getClass().getName());
    assertThat(look(twins.get(0)).status()).isEqualTo(Status.PASSED);
  }

  @Test
  void whatAPlugInDoesWrongMakesAnErrorOfItsOwnResult() throws Exception {
    failed("throw new IllegalStateException(\"secret\");", "java.lang.IllegalStateException");
    failed("return null;", "java.lang.NullPointerException");
    failed("throw new java.sql.SQLException(\"secret\", \"08006\");", "SQLSTATE 08006");
    failed("throw new StackOverflowError();", "java.lang.StackOverflowError");
    failed("target.connection().commit(); return List.of();", "SQLSTATE 25000");
    failed(sql("commit"), "ended the transaction");
    failed(sql("create table t (i int)"), "SQLSTATE 25006");
    failed(
        "try { " + sql("select 1 / 0") + " } catch (java.sql.SQLException e) { return List.of(); }",
        "left its transaction failed");
    failed(sql("select pg_terminate_backend(pg_backend_pid())"), "SQLSTATE 57P01");
  }

  @Test
  void aPlugInThatHangsIsLeftBehindAndNotAskedAgain() throws Exception {
    Plugin spins = loaded("while (true) { Thread.onSpinWait(); if (done) break; } return null;");
    Plugin quick =
        new Plugin(
            "spins.jar", spins.code(), spins.description(), Duration.ofMillis(50), spins.phases());
    RuleResult result = look(quick);
    assertThat(result.status()).isEqualTo(Status.ERROR);
    assertThat(result.reasons().get(0)).contains("spins.jar").contains("longer than 50 ms");
    assertThat(look(quick).reasons().get(0)).contains("has not come back");
    spins.code().getClass().getField("done").set(null, true);

    Plugin sleeps = loaded(sql("select pg_sleep(60)"));
    Plugin impatient =
        new Plugin(
            "sleeps.jar",
            sleeps.code(),
            sleeps.description(),
            Duration.ofMillis(50),
            sleeps.phases());
    assertThat(look(impatient).status()).isEqualTo(Status.ERROR);
  }

  @Test
  void whatIsTooMuchIsCutShort() throws Exception {
    Plugin plugin =
        loaded(
            """
            java.util.List<java.util.Map<String, String>> keys = new java.util.ArrayList<>();
            for (int i = 0; i < 9; i++) { keys.add(java.util.Map.of("id", "" + i)); }
            return List.of(new io.whimbrel.rule.Violation(
                new io.whimbrel.event.TableName("public", "near"), null, -1, "x".repeat(5000), keys, null));
            """);
    RuleResult result = look(plugin);
    Finding finding = result.findings().get(0);
    assertThat(result.status()).as("a neighbour's faults warn").isEqualTo(Status.WARNING);
    assertThat(finding.keys()).hasSize(5);
    assertThat(finding.message()).hasSize(1001);
    assertThat(finding.rows()).isZero();
  }

  private void failed(String body, String reason) throws Exception {
    RuleResult result = look(loaded(body));
    assertThat(result.status()).as(body).isEqualTo(Status.ERROR);
    assertThat(result.reasons()).as(body).singleElement().asString().contains(reason);
    assertThat(result.reasons().get(0)).doesNotContain("secret");
  }

  private Plugin loaded(String body) throws IOException {
    Path directory = Files.createTempDirectory(jars, "one");
    PluginJar.build(directory.resolve("rule.jar"), source("Rule", "some_rule", body));
    return Plugins.of(directory).loaded().get(0);
  }

  private RuleResult look(Plugin plugin) throws SQLException, InterruptedException {
    PluginLook.Told told =
        new PluginLook.Told(
            "orders",
            Phase.TARGETED,
            List.of(new TableName("public", "account")),
            List.of(new TableName("public", "near")));
    return new PluginLook(plugin, told, LONGEST)
        .look(
            new PluginLook.Source() {
              @Override
              public Connection open(Duration statementTimeout) throws SQLException {
                Connection connection = server.connect(DATABASE);
                connection.setAutoCommit(false);
                connection.setReadOnly(true);
                return connection;
              }

              @Override
              public void keep() {}
            });
  }

  private static String reason(Plugins plugins, String jar) {
    return plugins.faults().stream()
        .filter(fault -> fault.jar().equals(jar))
        .findFirst()
        .map(Plugins.Fault::reason)
        .orElseThrow();
  }

  private static String sql(String statement) {
    return "target.connection().createStatement().execute(\"%s\"); return List.of();"
        .formatted(statement);
  }

  private static String source(String name, String id, String body) {
    return """
    import io.whimbrel.event.Severity;
    import io.whimbrel.rule.*;
    import java.util.List;

    public class %s implements RulePlugin {
      public static volatile boolean done;
      public int version() { return VERSION; }
      public RuleInfo info() {
        return new RuleInfo("%s", "n", Severity.ERROR, "d", "w", "r", "b", "g");
      }
      public List<Violation> look(RuleTarget target) throws Exception { %s }
    }
    """
        .formatted(name, id, body);
  }
}
