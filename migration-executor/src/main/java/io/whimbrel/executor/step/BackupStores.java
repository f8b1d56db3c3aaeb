package io.whimbrel.executor.step;

import io.whimbrel.executor.backup.BackupStore;
import io.whimbrel.executor.backup.DirectoryStore;
import jakarta.enterprise.context.ApplicationScoped;

/** Where backups are kept, from the configuration. */
@ApplicationScoped
public class BackupStores {
  private final BackupStore store;

  BackupStores(BackupConfig config) {
    this.store = new DirectoryStore(config.directory());
  }

  public BackupStore store() {
    return store;
  }
}
