package io.whimbrel.executor.backup;

import io.whimbrel.executor.backup.BackupInvalid.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are known.
 *
 * @param current what new backups are encrypted with; empty if they are not
 * @param former what older ones may be encrypted with
 */
public record BackupKeys(Optional<BackupKey> current, List<BackupKey> former) {
  public static final BackupKeys NONE = new BackupKeys(Optional.empty(), List.of());

  public BackupKeys {
    former = List.copyOf(former);
  }

  /** How the files of that backup are read. */
  Encryption of(BackupManifest manifest) throws BackupInvalid {
    String id = manifest.keyId();
    return id == null ? Encryption.NONE : key(id).of(manifest.runId());
  }

  @Nullable String currentId() {
    return current.map(BackupKey::id).orElse(null);
  }

  private BackupKey key(String id) throws BackupInvalid {
    return Stream.concat(current.stream(), former.stream())
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new BackupInvalid(
                    Reason.KEY,
                    "it is encrypted with the key "
                        + id
                        + ", which is not among those that are configured"));
  }
}
