package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.executor.backup.BackupStore;
import io.whimbrel.executor.backup.DirectoryStore;
import io.whimbrel.executor.backup.s3.S3Store;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackupStoresTest {
  private static final String BUCKET = "MIGRATION_BACKUP_S3_BUCKET";
  private static final String ENDPOINT = "MIGRATION_BACKUP_S3_ENDPOINT";
  private static final String NO_INSTANCE = "aws.disableEc2Metadata";

  @Test
  void withoutABucketItIsTheDirectory() {
    assertThat(store(Map.of())).isEqualTo(new DirectoryStore(Path.of("backups")));
    assertThat(store(Map.of(BUCKET, "", ENDPOINT, ""))).isInstanceOf(DirectoryStore.class);
  }

  @Test
  void aBucketIsInsteadOfTheDirectory() {
    BackupStore store =
        store(
            Map.of(
                BUCKET,
                "whimbrel",
                ENDPOINT,
                "https://store.example:9000",
                "MIGRATION_BACKUP_S3_PREFIX",
                "production/backups",
                "MIGRATION_BACKUP_S3_REGION",
                "eu-central-1",
                "MIGRATION_BACKUP_S3_PATH_STYLE",
                "false",
                "MIGRATION_BACKUP_S3_PART_SIZE",
                "8M"));
    assertThat(store).isInstanceOf(S3Store.class);
    assertThat(store.place("orders/1")).hasToString("s3://whimbrel/production/backups/orders/1/");
  }

  @Test
  void whatCannotBeRightIsRefusedByName() {
    refused(Map.of(ENDPOINT, "https://store.example"), "no bucket; give its name as " + BUCKET);
    refused(
        Map.of(BUCKET, "s3://whimbrel/backups"),
        BUCKET + " is not the name of a bucket: s3://whimbrel/backups");
    refused(
        Map.of(BUCKET, "whimbrel", ENDPOINT, "store.example:9000"),
        ENDPOINT + " is not an address: store.example:9000; give it as https://HOST:PORT");
    refused(
        Map.of(BUCKET, "whimbrel", "MIGRATION_BACKUP_S3_PREFIX", "/backups"),
        "MIGRATION_BACKUP_S3_PREFIX has an empty part: /backups");
    refused(
        Map.of(BUCKET, "whimbrel", "MIGRATION_BACKUP_S3_PART_SIZE", "1M"),
        "MIGRATION_BACKUP_S3_PART_SIZE has to be from 5M to 64M, and is 1048576 bytes");
  }

  @Test
  void withoutARegionAnywhereItIsAskedFor() {
    System.setProperty(NO_INSTANCE, "true");
    try {
      refused(
          Map.of(BUCKET, "whimbrel"),
          "has no region; give MIGRATION_BACKUP_S3_REGION or AWS_REGION");
    } finally {
      System.clearProperty(NO_INSTANCE);
    }
  }

  private static void refused(Map<String, String> environment, String message) {
    assertThatThrownBy(() -> store(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static BackupStore store(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    all.put("WHIMBREL_BACKUP_DIRECTORY", "backups");
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new EnvConfigSource(all, 300))
            .addDiscoveredConverters()
            .withMapping(BackupConfig.class)
            .withMapping(BucketConfig.class)
            .build();
    return new BackupStores(
            config.getConfigMapping(BackupConfig.class),
            config.getConfigMapping(BucketConfig.class))
        .store();
  }
}
