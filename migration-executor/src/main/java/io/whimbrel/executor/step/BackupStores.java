package io.whimbrel.executor.step;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.MemorySize;
import io.whimbrel.executor.backup.BackupStore;
import io.whimbrel.executor.backup.DirectoryStore;
import io.whimbrel.executor.backup.s3.S3Settings;
import io.whimbrel.executor.backup.s3.S3Store;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Where backups are kept, from the configuration: in a bucket if one is named. A service whose
 * settings of a bucket cannot be right does not start.
 */
@Startup
@ApplicationScoped
public class BackupStores {
  private final BackupStore store;

  @Inject
  BackupStores(BackupConfig config, BucketConfig bucket) {
    this(of(config, bucket));
  }

  BackupStores(BackupStore store) {
    this.store = store;
  }

  public BackupStore store() {
    return store;
  }

  private static BackupStore of(BackupConfig config, BucketConfig bucket) {
    if (bucket.bucket().isPresent()) {
      return new S3Store(
          S3Settings.of(
              bucket.bucket().get(),
              bucket.prefix(),
              bucket.endpoint(),
              bucket.region(),
              bucket.pathStyle(),
              bucket.partSize().map(MemorySize::asLongValue)));
    }
    if (bucket.given()) {
      throw new IllegalArgumentException(
          "there are settings of a bucket for backups and no bucket; give its name as "
              + S3Settings.BUCKET
              + ", or remove the others, so that backups are kept in MIGRATION_BACKUP_DIR");
    }
    return new DirectoryStore(config.directory());
  }

  @PreDestroy
  void close() {
    if (store instanceof S3Store bucket) {
      bucket.close();
    }
  }
}
