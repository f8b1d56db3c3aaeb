package io.whimbrel.executor.step;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where backups are, and how they are taken. */
@ConfigMapping(prefix = "whimbrel.backup")
public interface BackupConfig {

  /** The directory that holds a directory for each target, and in it one for each run. */
  Path directory();

  /** How long a backup waits for the right to read a table that someone else has locked. */
  @WithDefault("30s")
  Duration lockTimeout();

  /**
   * The key that new backups are encrypted with: 32 bytes in Base64, as {@code openssl rand -base64
   * 32} writes them. Without it, a file or a program that prints it, they are not encrypted.
   */
  Optional<String> encryptionKey();

  /** A file that holds the key. */
  Optional<Path> encryptionKeyFile();

  /**
   * A program that prints the key, as the clients of secret stores do, with its arguments; words
   * are separated by blanks, and no shell looks at them.
   */
  Optional<String> encryptionKeyCommand();

  /** Keys that older backups are encrypted with. */
  Optional<List<String>> formerEncryptionKeys();

  /** How old a backup may become before it is deleted; without it, any age. */
  Optional<Duration> keepFor();

  /** How many backups of a target are kept, the newest; without it, all. */
  Optional<Integer> keepNewest();

  /** How often backups that are not kept any longer are looked for. */
  @WithDefault("10m")
  Duration retentionInterval();
}
