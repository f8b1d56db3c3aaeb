package io.whimbrel.executor.step;

import io.whimbrel.executor.backup.BackupStore;
import io.whimbrel.executor.run.BackupRecords;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.SortedSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What attempts that died have left in the store of backups, and files of backups that were marked
 * as deleted. What belongs to no run that is known here is left alone: the store may be shared.
 */
@ApplicationScoped
public class Leftovers {
  private static final Logger LOG = Logger.getLogger(Leftovers.class);
  private static final Pattern OF_A_RUN =
      Pattern.compile("[^/]+/(\\p{XDigit}{8}-[-\\p{XDigit}]{27}).*");

  private final BackupStores stores;
  private final BackupRecords records;

  Leftovers(BackupStores stores, BackupRecords records) {
    this.stores = stores;
    this.records = records;
  }

  /** Removes what runs that have ended left behind. */
  public void remove() {
    try {
      for (String target : stores.store().targets()) {
        remove(target, null);
      }
    } catch (IOException e) {
      LOG.warnf("What is left of backups will be looked for again: %s", e.getMessage());
    }
  }

  /** Removes what earlier attempts of a run left behind, so that the next one has their room. */
  void removeOf(String target, UUID run) {
    try {
      remove(target, run);
    } catch (IOException e) {
      LOG.warnf("What is left of former attempts of run %s stays: %s", run, e.getMessage());
    }
  }

  private void remove(String target, @Nullable UUID run) throws IOException {
    BackupStore store = stores.store();
    SortedSet<String> names = store.names(target);
    names.removeIf(name -> !OF_A_RUN.matcher(name).matches());
    for (String name : records.unneeded(names, run)) {
      store.place(name).remove();
      LOG.infof("Removed what was left in %s", store.place(name));
    }
  }
}
