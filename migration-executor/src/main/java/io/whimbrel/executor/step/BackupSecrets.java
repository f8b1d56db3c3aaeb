package io.whimbrel.executor.step;

import io.quarkus.runtime.Startup;
import io.whimbrel.executor.backup.BackupKey;
import io.whimbrel.executor.backup.BackupKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The keys of backups, from the configuration. A service that is told to encrypt and has no key it
 * could use does not start.
 */
@Startup
@ApplicationScoped
public class BackupSecrets {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final BackupKeys keys;

  BackupSecrets(BackupConfig config) {
    Optional<String> current =
        config
            .encryptionKey()
            .or(() -> config.encryptionKeyFile().map(BackupSecrets::read))
            .or(() -> config.encryptionKeyCommand().map(BackupSecrets::ask));
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

  /** What it says about a failure is on the error stream, which is the service's. */
  private static String ask(String command) {
    String program = "the program that prints the backup key, " + command + ",";
    try {
      Process process =
          new ProcessBuilder(command.strip().split("\\s+")).redirectError(Redirect.INHERIT).start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalArgumentException(
            program + " has not ended after " + PATIENCE.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw new IllegalArgumentException(program + " ended with " + process.exitValue());
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalArgumentException(program + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(program + " was interrupted", e);
    }
  }
}
