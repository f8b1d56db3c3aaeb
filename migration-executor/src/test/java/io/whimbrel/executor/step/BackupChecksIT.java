package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.keep.BackupReading;
import io.whimbrel.executor.run.BackupRecord;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.Run;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@ExecutorIntegration
class BackupChecksIT {
  @TempDir Path directory;
  @Inject BackupRecords records;
  @Inject BackupReading reading;
  @Inject Leftovers leftovers;

  @ConfigProperty(name = "whimbrel.backup.directory")
  Path backups;

  private TestTarget target;

  @BeforeEach
  void create() throws SQLException {
    target = new TestTarget(directory);
    target.asSuperuser("alter role migrator createdb");
    target.execute("create table users (id int primary key); create table others (id int)");
    target.execute("insert into users values (1), (2); insert into others values (3)");
    target.file("V2__note.sql", "alter table users add note text;");
  }

  @AfterEach
  void asOtherTestsExpect() {
    target.asSuperuser("alter role migrator nocreatedb");
  }

  @Test
  void aWholeDatabaseIsBackedUpAndLoadedBeforeItCounts() throws Exception {
    Run run = ended(options(BackupScope.DATABASE, BackupCheck.RESTORE), "");
    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(reference(run).scope()).isEqualTo(BackupScope.DATABASE);
    assertThat(reference(run).tables()).isGreaterThanOrEqualTo(2);
    assertThat(reference(run).check()).isEqualTo(BackupCheck.RESTORE);
    assertThat(scratchDatabases()).isEqualTo("0");

    BackupRecord record = record(run);
    assertThat(record.scope()).isEqualTo(BackupScope.DATABASE);
    assertThat(record.check()).isEqualTo(BackupCheck.RESTORE);
    check(record, BackupCheck.READ);
    assertThat(record(run).check()).isEqualTo(BackupCheck.READ);
    assertThat(record(run).verifiedAt()).isAfter(record.verifiedAt());
    check(record, BackupCheck.RESTORE);
    assertThat(record(run).problem()).isNull();
    assertThat(record(run).check()).isEqualTo(BackupCheck.RESTORE);
  }

  @Test
  void aTargetMayAskForMoreThanTheRequest() throws Exception {
    Run run = ended(options(BackupScope.TOUCHED, BackupCheck.READ), "backupCheck: restore");
    assertThat(reference(run).check()).isEqualTo(BackupCheck.RESTORE);
    assertThat(reference(run).tables()).isEqualTo(1);

    Path file = backups.resolve(record(run).directory()).resolve("1.copy.zst");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    check(record(run), BackupCheck.READ);
    assertThat(record(run).problem()).contains("1.copy.zst is not the file that was written");
    assertThat(record(run).verifiedAt()).isNull();
  }

  @Test
  void withoutAPlaceToLoadItNothingIsChanged() throws Exception {
    target.asSuperuser("alter role migrator nocreatedb");
    Run run = ended(options(BackupScope.TOUCHED, BackupCheck.RESTORE), "");
    assertThat(run.state()).isEqualTo(RunStateName.FAILED);
    assertThat(Objects.requireNonNull(run.error()).message())
        .contains("Nothing was changed", "grant it CREATEDB", "backup check READ");
    assertThat(run.backup()).isNull();
    assertThat(target.value("select to_regclass('flyway_schema_history') is null")).isEqualTo("t");
  }

  @Test
  void aTargetThatIsNotDeclaredHasNoPlaceToLoadItsBackups() throws Exception {
    Run run = ended(options(BackupScope.TOUCHED, BackupCheck.READ), "");
    BackupRecord record = record(run);
    ended(options(BackupScope.TOUCHED, BackupCheck.READ), "");
    assertThatThrownBy(() -> check(record, BackupCheck.RESTORE))
        .cause()
        .hasMessageContaining("is not in the targets file");
    assertThat(record(run)).isEqualTo(record);
  }

  @Test
  void whatAttemptsThatDiedHaveLeftGoes() throws Exception {
    Run run = ended(options(BackupScope.TOUCHED, BackupCheck.READ), "");
    Path taken = backups.resolve(record(run).directory());
    Path half = Files.createDirectory(taken.resolveSibling(run.id() + "-0.partial"));
    Path unrecorded = Files.createDirectory(taken.resolveSibling(run.id() + "-0"));
    Path ofNoRunHere = Files.createDirectory(taken.resolveSibling(UUID.randomUUID() + "-1"));
    Files.writeString(half.resolve("1.copy.zst"), "half");
    Files.writeString(unrecorded.resolve("manifest.json"), "{}");
    leftovers.remove();
    assertThat(half).doesNotExist();
    assertThat(unrecorded).doesNotExist();
    assertThat(taken.resolve("manifest.json")).exists();
    assertThat(ofNoRunHere).exists();
  }

  private void check(BackupRecord record, BackupCheck check) throws Exception {
    reading.begin(record, check).get(60, TimeUnit.SECONDS);
  }

  private BackupRecord record(Run run) {
    List<BackupRecord> all = records.list(run.target(), 10);
    return all.stream()
        .filter(record -> record.directory().equals(reference(run).directory()))
        .findFirst()
        .orElseThrow();
  }

  private static BackupReference reference(Run run) {
    return Objects.requireNonNull(run.backup());
  }

  private Run ended(RunOptions options, String policy) throws Exception {
    return WholeRun.on(target, options, policy).until(run -> false);
  }

  private static RunOptions options(BackupScope scope, BackupCheck check) {
    return new RunOptions(
        false, false, true, true, true, false, false, List.of(), List.of(), List.of(), scope,
        check);
  }

  private @Nullable String scratchDatabases() throws SQLException {
    return target.value(
        "select count(*) from pg_database where datname like 'whimbrel_rehearsal_%'");
  }
}
