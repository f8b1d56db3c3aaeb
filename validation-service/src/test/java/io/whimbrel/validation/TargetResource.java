package io.whimbrel.validation;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.validation.plugin.PluginJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A target to look at, its declaration, and short waits. */
public final class TargetResource implements QuarkusTestResourceLifecycleManager {

  public static final String DATABASE = "validation_target";
  private static final String READER = "target_reader";

  private final Path file = Path.of("target", "targets-" + ProcessHandle.current().pid() + ".yaml");
  private final Path plugins = Path.of("target", "plugins-" + ProcessHandle.current().pid());

  @Override
  public Map<String, String> start() {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    server.createUser(READER, READER, "");
    server.createDatabase(DATABASE);
    run("alter default privileges grant select on tables to " + READER);
    declare(file, "orders");
    try {
      PluginJar.build(Files.createDirectories(plugins).resolve("iban.jar"), PluginJar.example());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of(
        "whimbrel.validation.plugins.directory", plugins.toString(),
        "whimbrel.targets.file", file.toString(),
        "whimbrel.validation.requests.patience", "6s",
        "whimbrel.validation.check.lock-timeout", "200ms",
        "whimbrel.validation.requests.retry-pause", "100ms",
        "whimbrel.validation.requests.schedule-interval", "200ms",
        "whimbrel.validation.requests.lease", "2s");
  }

  public static void run(String sql) {
    EmbeddedPostgres.shared().execute(DATABASE, sql);
  }

  /** Writes a file that declares the same database under each of the names. */
  static void declare(Path file, String... names) {
    declare(file, "", List.of(names));
  }

  /** The same, with a further line for each. */
  public static void declare(Path file, String line, List<String> names) {
    StringBuilder yaml = new StringBuilder("targets:\n");
    for (String name : names) {
      yaml.append(
          """
            - name: %s
              url: %s
              catalog: migrations
              executor: { user: nobody }
              validator: { user: %s }
          """
              .formatted(name, EmbeddedPostgres.shared().url(DATABASE), READER));
      yaml.append(line.isEmpty() ? "" : "    " + line + "\n");
    }
    try {
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(plugins.resolve("iban.jar"));
      Files.deleteIfExists(plugins);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
