package io.whimbrel.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetRegistryTest {

  private static final String MINIMAL =
      """
      targets:
        - name: orders
          url: jdbc:postgresql://localhost/orders
          catalog: migrations
          executor: { user: migrator, password: ${ORDERS_PASSWORD} }
          validator: { user: reader, password-file: secrets/reader }
      """;

  @TempDir Path directory;

  @Test
  void readsEveryKeyOfTheDocumentedExample() throws IOException {
    TargetRegistry registry =
        registry(
"""
targets:
  - name: orders                      # [a-z0-9][a-z0-9-]{0,62}
    url: jdbc:postgresql://db.example.org:5432/orders
    catalog: [/srv/migrations/orders, more]
    format: flyway
    executor: { user: migrator, password: ${ORDERS_MIGRATOR_PASSWORD} }
    validator: { user: reader, password-file: /run/secrets/orders-reader }
    schemas: [sales, public]
    placeholders: { env: prod, level: 3 }
    baselineOnMigrate: true
    baselineVersion: "0"
    outOfOrder: true
    validation: { cron: "30 2 * * 0", zone: Europe/Berlin, mode: full, categories: [performance] }
    policy: { requireProvenRollback: true, refuseRisk: high, risks: { column-dropped: superadmin, json-column: warn }, planAge: 2h, lockTimeout: 500ms, lockBudget: 5m, statementTimeout: 10m, idleTimeout: 2m, backupCheck: restore, derivedUndo: true, checkDrift: true, throttle: { replicaLag: 5s, walRate: 50MB, waiting: 0, vacuum: true, connections: 0 } }
""");

    assertThat(registry.problem()).isEmpty();
    Target target = registry.find("orders").orElseThrow();
    assertThat(target.url()).isEqualTo("jdbc:postgresql://db.example.org:5432/orders");
    assertThat(target.catalog())
        .containsExactly(Path.of("/srv/migrations/orders"), directory.resolve("more"));
    assertThat(target.executor())
        .isEqualTo(new Login("migrator", "ORDERS_MIGRATOR_PASSWORD", null));
    assertThat(target.validator())
        .isEqualTo(new Login("reader", null, Path.of("/run/secrets/orders-reader")));
    assertThat(target.schemas()).containsExactly("sales", "public");
    assertThat(target.defaultSchema()).isEqualTo("sales");
    assertThat(target.placeholders()).containsEntry("env", "prod").containsEntry("level", "3");
    assertThat(target.baselineOnMigrate()).isTrue();
    assertThat(target.baselineVersion()).isEqualTo("0");
    assertThat(target.outOfOrder()).isTrue();
    assertThat(target.validation())
        .isEqualTo(
            new Schedule(
                null, "30 2 * * 0", ZoneId.of("Europe/Berlin"), "full", List.of("performance")));
    assertThat(target.policy())
        .isEqualTo(
            new Policy(
                true,
                "high",
                Map.of(
                    "column-dropped", RiskTreatment.SUPERADMIN, "json-column", RiskTreatment.WARN),
                Duration.ofHours(2),
                new Timeouts(
                    Duration.ofMillis(500),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(2)),
                new Throttle(Duration.ofSeconds(5), 50L << 20, Duration.ZERO, true, 0),
                new Recovery(true, true),
                true));
  }

  @Test
  void aTargetMayBeRehearsedOnAnotherServer() throws IOException {
    Target target =
        registry(
                MINIMAL
                    + "    rehearsal: { url: jdbc:postgresql://spare/postgres, user: try,"
                    + " password: ${SPARE_PASSWORD} }\n")
            .find("orders")
            .orElseThrow();
    assertThat(target.rehearsal())
        .isEqualTo(
            new RehearsalServer(
                "jdbc:postgresql://spare/postgres", new Login("try", "SPARE_PASSWORD", null)));
    assertThat(registry(MINIMAL).find("orders").orElseThrow().rehearsal()).isNull();
    assertThat(
            registry(MINIMAL + "    rehearsal: { url: jdbc:postgresql://spare/postgres }\n")
                .problem())
        .hasValueSatisfying(problem -> assertThat(problem).contains("rehearsal.user"));
  }

  @Test
  void whatIsLeftOutHasTheDocumentedDefault() throws IOException {
    Target target = registry(MINIMAL).find("orders").orElseThrow();

    assertThat(target.format()).isEqualTo("flyway");
    assertThat(target.schemas()).containsExactly("public");
    assertThat(target.placeholders()).isEmpty();
    assertThat(target.baselineOnMigrate()).isFalse();
    assertThat(target.baselineVersion()).isEqualTo("1");
    assertThat(target.outOfOrder()).isFalse();
    assertThat(target.policy())
        .isEqualTo(
            new Policy(
                false,
                "none",
                Map.of(),
                Duration.ofHours(24),
                new Timeouts(
                    Duration.ofSeconds(3),
                    Duration.ofMinutes(1),
                    Duration.ZERO,
                    Duration.ofSeconds(90)),
                new Throttle(Duration.ofSeconds(10), 0, Duration.ofSeconds(1), false, 80)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "name: orders   | name: Orders    | target number 1: name: is not a name; use a-z",
        "name: orders   | nam: orders     | target number 1: nam: is not a key here; use one of",
        "name: orders   | format: x       | target number 1: name: is missing; give",
        "jdbc:postgres  | jdbc:my         | target orders: url: is not a JDBC URL of PostgreSQL;"
            + " be",
        "localhost/     | a:b@localhost/  | target orders: url: names a user or a password; put",
        "catalog: migrations | format: flyway | target orders: catalog: is missing; name the dir",
        "catalog: migrations | catalog: []    | target orders: catalog: has no value or an empty",
        "${ORDERS_PASSWORD}  | secret         | target orders: executor.password: is written in",
        "user: migrator | role: migrator  | target orders: executor.user: is missing; name the dat",
        "user: migrator | usr: migrator   | target orders: executor.usr: is not a key here; use",
        "catalog: migrations | policy: { lockTimeout: 0 } | target orders: policy.lockTimeout: is"
            + " z",
        "catalog: migrations | policy: { idleTimeout: 0 } | target orders: policy.idleTimeout: is"
            + " zero; give a time after which its owner is gone",
        "catalog: migrations | policy: { throttle: { walRate: 5 } } | policy.throttle.walRate: is"
            + " not an amount; write a number and its unit, such as 50MB",
        "catalog: migrations | policy: { throttle: { connections: 101 } } |"
            + " policy.throttle.connections: is not a percentage",
        "catalog: migrations | policy: { throttle: { lag: 5s } } | policy.throttle.lag: is not a"
            + " key",
        "catalog: migrations | policy: { lockTimeout: 3 } | policy.lockTimeout: is not a duration",
        "catalog: migrations | policy: { risks: { column-dropped: no } } |"
            + " policy.risks.column-dropped: is not known; use refuse",
        "catalog: migrations | policy: { risks: { drop-column: warn } } | policy.risks.drop-column:"
            + " is not the name of a risk; use those that a plan gives",
        "catalog: migrations | policy: { planAge: 0 } | policy.planAge: is zero; give a time",
        "catalog: migrations | policy: { refuseRisk: all } | policy.refuseRisk: is not known; use",
        "catalog: migrations | validation: { zone: UTC } | orders: validation: has not exactly one"
            + " of every and cron; write every: 6h",
        "catalog: migrations | validation: { every: 10s } | validation.every: is less than a min",
        "catalog: migrations | validation: { cron: '61 * * * *' } | validation.cron: is not a time",
        "catalog: migrations | validation: { cron: '0 0 30 2 *' } | validation.cron: is not a time",
        "catalog: migrations | validation: { every: 6h, zone: Moon } | validation.zone: is not a",
        "catalog: migrations | validation: { every: 6h, mode: slow } | validation.mode: is not kn",
        "catalog: migrations | validation: { every: 6h, categories: [x] } | validation.categories:"
            + " has one that is not known; use [data_integrity",
        "catalog: migrations | baselineVersion: 1.10 | baselineVersion: is a number with a"
            + " fraction",
        "catalog: migrations | baselineOnMigrate: maybe | baselineOnMigrate: is neither true nor",
        "catalog: migrations | format: liquibase | target orders: format: is not known; use one of",
        "targets:       | databases:      | targets.yaml: targets: is not a list; write targets:",
        "name: orders   | name: {         | targets.yaml: is not valid YAML (line",
        "name: orders   | name: a, name: b | targets.yaml: is not valid YAML (line",
      })
  void aBadFileIsRefusedNamingTargetKeyAndRemedy(String good, String bad, String message)
      throws IOException {
    TargetRegistry registry = registry(MINIMAL.replace(good, bad));

    assertThat(registry.problem().orElseThrow()).contains(message);
    assertThat(registry.all()).isEmpty();
  }

  @Test
  void aScheduleComesByTheClockOfItsZoneOrAfterItsInterval() {
    Instant summer = Instant.parse("2026-07-01T12:00:00Z");
    Schedule nightly =
        new Schedule(null, "30 2 * * *", ZoneId.of("Europe/Berlin"), null, List.of());
    assertThat(nightly.next(summer)).contains(Instant.parse("2026-07-02T00:30:00Z"));
    assertThat(nightly.next(Instant.parse("2026-12-01T12:00:00Z")))
        .contains(Instant.parse("2026-12-02T01:30:00Z"));
    assertThat(
            new Schedule(Duration.ofHours(6), null, ZoneOffset.UTC, null, List.of()).next(summer))
        .contains(summer.plus(Duration.ofHours(6)));
  }

  @Test
  void twoTargetsOfOneNameAreRefused() throws IOException {
    TargetRegistry registry = registry(MINIMAL + MINIMAL.replace("targets:\n", ""));

    assertThat(registry.problem())
        .hasValue(
            "targets.yaml: target orders: name: is used twice; give each target a name of its"
                + " own");
  }

  @Test
  void allProblemsAreToldAtOnce() throws IOException {
    TargetRegistry registry =
        registry(MINIMAL.replace("catalog", "catalogue").replace("user: reader, ", ""));

    assertThat(registry.problem().orElseThrow().lines()).hasSize(3);
  }

  @Test
  void aFileThatIsNotThereIsAProblemUntilItIs() throws IOException {
    TargetRegistry registry = new TargetRegistry(directory.resolve("targets.yaml"));
    assertThat(registry.problem().orElseThrow()).contains("cannot be read");

    write(MINIMAL);

    assertThat(registry.find("orders")).isPresent();
    assertThat(registry.problem()).isEmpty();
  }

  @Test
  void aChangedFileCountsAtOnce() throws IOException {
    TargetRegistry registry = registry(MINIMAL);

    write(MINIMAL.replace("name: orders", "name: parts"));

    assertThat(registry.all()).extracting(Target::name).containsExactly("parts");
  }

  @Test
  void aBrokenChangeKeepsTheLastGoodTargets() throws IOException {
    TargetRegistry registry = registry(MINIMAL);

    write(MINIMAL.replace("catalog", "catalogue"));

    assertThat(registry.find("orders")).isPresent();
    assertThat(registry.problem()).isPresent();

    Files.delete(directory.resolve("targets.yaml"));
    assertThat(registry.find("orders")).isPresent();

    write(MINIMAL);
    assertThat(registry.problem()).isEmpty();
  }

  @Test
  void passwordsComeFromTheEnvironmentOrAFileWheneverTheyAreNeeded() throws Exception {
    Target target = registry(MINIMAL).find("orders").orElseThrow();
    Path file = directory.resolve("secrets/reader");
    Files.createDirectory(file.getParent());
    Files.writeString(file, "first\n");

    assertThat(target.executor().password(name -> "of " + name)).hasValue("of ORDERS_PASSWORD");
    assertThat(target.validator().password(name -> null)).hasValue("first");
    Files.writeString(file, "rotated\n");
    assertThat(target.validator().password(name -> null)).hasValue("rotated");
    assertThat(Login.of("someone").password(name -> null)).isEmpty();
    assertThat(target.toString()).doesNotContain("rotated");
  }

  @Test
  void aPasswordThatIsNotThereIsNamedWhenConnecting() throws IOException {
    Target target = registry(MINIMAL).find("orders").orElseThrow();

    assertThatThrownBy(() -> target.connect(target.executor(), "test"))
        .isInstanceOf(SQLException.class)
        .hasMessage(
            "No password for role migrator: the environment variable ORDERS_PASSWORD is not set;"
                + " set it");
    assertThatThrownBy(() -> target.connect(target.validator(), "test"))
        .hasMessageContaining("secrets/reader cannot be read");
  }

  private TargetRegistry registry(String yaml) throws IOException {
    write(yaml);
    return new TargetRegistry(directory.resolve("targets.yaml"));
  }

  private void write(String yaml) throws IOException {
    Files.writeString(directory.resolve("targets.yaml"), yaml);
  }
}
