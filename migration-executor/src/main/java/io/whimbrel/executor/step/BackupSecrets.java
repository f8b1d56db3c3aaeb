package io.whimbrel.executor.step;

import io.quarkus.runtime.Startup;
import io.whimbrel.executor.backup.BackupKey;
import io.whimbrel.executor.backup.BackupKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The keys of backups, from the configuration. A service that is told to encrypt and has no key it
 * could use does not start.
 */
@Startup
@ApplicationScoped
public class BackupSecrets {
  private final BackupKeys keys;

  BackupSecrets(BackupConfig config) {
    Optional<String> current =
        config.encryptionKey().or(() -> config.encryptionKeyFile().map(BackupSecrets::read));
    List<BackupKey> former =
        config.formerEncryptionKeys().orElse(List.of()).stream().map(BackupKey::of).toList();
    this.keys = new BackupKeys(current.map(BackupKey::of), former);
  }

  public BackupKeys keys() {
    return keys;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("the backup key cannot be read from " + file, e);
    }
  }
}
