package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.executor.backup.BackupKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupSecretsTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir Path directory;

  @Test
  void theKeyComesFromTheEnvironmentAFileOrAProgram() throws Exception {
    Path file = Files.writeString(directory.resolve("key"), KEY + "\n");
    String id = BackupKey.of(KEY).id();
    assertThat(id(Map.of("WHIMBREL_BACKUP_ENCRYPTION_KEY", KEY))).isEqualTo(id);
    assertThat(id(Map.of("WHIMBREL_BACKUP_ENCRYPTION_KEY_FILE", file.toString()))).isEqualTo(id);
    assertThat(id(command("echo \"$1\"", KEY))).isEqualTo(id);
    assertThat(secrets(Map.of()).keys().current()).isEmpty();
  }

  @Test
  void aProgramThatFailsKeepsTheServiceFromStarting() throws Exception {
    refused(command("exit 3", ""), "program, ended with 3");
    refused(command("echo no key", ""), "a backup key is 32 bytes in Base64");
    refused(
        Map.of("WHIMBREL_BACKUP_ENCRYPTION_KEY_COMMAND", directory + "/none"),
        "/none, cannot be run");
  }

  private Map<String, String> command(String script, String argument) throws IOException {
    Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    String command = (program + " " + argument).strip();
    return Map.of("WHIMBREL_BACKUP_ENCRYPTION_KEY_COMMAND", command);
  }

  private static void refused(Map<String, String> environment, String message) {
    assertThatThrownBy(() -> secrets(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static String id(Map<String, String> environment) {
    return secrets(environment).keys().current().orElseThrow().id();
  }

  private static BackupSecrets secrets(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    all.put("WHIMBREL_BACKUP_DIRECTORY", "backups");
    return new BackupSecrets(
        new SmallRyeConfigBuilder()
            .withSources(new EnvConfigSource(all, 300))
            .addDiscoveredConverters()
            .withMapping(BackupConfig.class)
            .build()
            .getConfigMapping(BackupConfig.class));
  }
}
