package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.backup.s3.EmbeddedS3;
import io.whimbrel.executor.keep.BackupReading;
import io.whimbrel.executor.run.BackupRecord;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.run.Run;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of an executor that keeps its backups in a bucket. */
@QuarkusTest
@ExecutorIntegration
class S3RunIT {
  private static EmbeddedS3 s3;

  @TempDir Path directory;
  @Inject BackupRecords records;
  @Inject BackupReading reading;
  @Inject Leftovers leftovers;

  private TestTarget target;

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.start();
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @BeforeEach
  void create() throws SQLException {
    use(new BackupStores(s3.store()));
    target = new TestTarget(directory);
    target.asSuperuser("alter role migrator createdb");
    target.execute("create table users (id int primary key); insert into users values (1), (2)");
    target.file("V2__note.sql", "alter table users add note text default 'n';");
  }

  @AfterEach
  void asOtherTestsExpect() {
    target.asSuperuser("alter role migrator nocreatedb");
  }

  @Test
  void aRunIsBackedUpThereAndTakenBackFromThere() throws Exception {
    WholeRun asked = WholeRun.on(target, options(BackupCheck.RESTORE), "");
    Run run = asked.until(now -> false);
    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    BackupRecord record = record(run);
    assertThat(record.check()).isEqualTo(BackupCheck.RESTORE);
    assertThat(s3.keys())
        .contains("of-tests/" + record.directory() + "/manifest.json")
        .contains("of-tests/" + record.directory() + "/1.copy.zst");

    reading.begin(record, BackupCheck.RESTORE).get(60, TimeUnit.SECONDS);
    assertThat(record(run).problem()).isNull();
    assertThat(record(run).verifiedAt()).isAfter(record.verifiedAt());

    Run rollback = asked.takenBack(options(BackupCheck.READ)).until(now -> false);
    assertThat(rollback.state()).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(Objects.requireNonNull(rollback.rollback()).strategy()).isEqualTo("RESTORE");
    assertThat(target.value("select count(*) from users")).isEqualTo("2");
    assertThat(
            target.value(
                "select count(*) from information_schema.columns where table_name = 'users'"))
        .isEqualTo("1");
  }

  @Test
  void whatAttemptsThatDiedHaveLeftGoes() throws Exception {
    Run run = WholeRun.on(target, options(BackupCheck.READ), "").until(now -> false);
    String taken = "of-tests/" + record(run).directory() + "/manifest.json";
    String left = "of-tests/" + run.target() + "/" + run.id() + "-0/1.copy.zst";
    String ofNobody = "of-tests/" + run.target() + "/another/1.copy.zst";
    s3.put(left, new byte[] {1});
    s3.put(ofNobody, new byte[] {1});
    leftovers.remove();
    assertThat(s3.keys()).contains(taken, ofNobody).doesNotContain(left);
  }

  @Test
  void aStoreThatRefusesEndsTheRunWithNothingChanged() throws Exception {
    Run before = WholeRun.on(target, options(BackupCheck.READ), "").until(now -> false);
    BackupRecord record = record(before);
    target.file("V3__more.sql", "alter table users add more text;");
    use(new BackupStores(s3.storeFor("nobody")));

    Run run = WholeRun.on(target, options(BackupCheck.READ), "").until(now -> false);

    assertThat(run.state()).isEqualTo(RunStateName.FAILED);
    assertThat(Objects.requireNonNull(run.error()).message())
        .contains("nothing was changed", "s3://" + s3.bucket(), "check AWS_ACCESS_KEY_ID");
    assertThat(
            target.value(
                "select count(*) from information_schema.columns where table_name = 'users'"))
        .isEqualTo("2");
    assertThatThrownBy(() -> reading.begin(record, BackupCheck.READ).get(60, TimeUnit.SECONDS))
        .cause()
        .hasMessageContaining("does not accept the credentials");
    assertThat(record(before)).isEqualTo(record);
  }

  private static void use(BackupStores stores) {
    QuarkusMock.installMockForType(stores, BackupStores.class);
  }

  private BackupRecord record(Run run) {
    return records.list(run.target(), 10).stream()
        .filter(one -> one.runId().equals(run.id()))
        .findFirst()
        .orElseThrow();
  }

  private static RunOptions options(BackupCheck check) {
    return new RunOptions(
        false,
        false,
        true,
        true,
        false,
        false,
        false,
        List.of(),
        List.of(),
        List.of(),
        BackupScope.TOUCHED,
        check);
  }
}
